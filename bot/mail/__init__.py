"""Mail in and out: what arrives is read, what leaves is rendered and handed over."""
