"""The official form: its declaration and a bureau's settings, loaded and checked."""
