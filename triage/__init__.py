"""What a message is and what is owed to it: types, route, topics, flags, reasons."""
