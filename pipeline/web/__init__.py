"""Pages for everyone, made of a release and of what the site's definitions say in words."""
