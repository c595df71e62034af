from hypothesis import settings

settings.register_profile("domain", deadline=None, max_examples=100, derandomize=True, database=None)
settings.load_profile("domain")
