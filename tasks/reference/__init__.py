"""Seeds loaded, validated and indexed once: the facts every noun may ask for."""
