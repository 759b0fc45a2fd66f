"""`python -m searchapp`: the command line without its script on the path."""

from searchapp.cli.main import main

if __name__ == "__main__":
    main()
