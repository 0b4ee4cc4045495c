"""Rules, each a plain function with one sentence; `triage/chain.py` orders them."""
