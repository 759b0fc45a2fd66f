"""From a .paper source to LaTeX and to gold sentences. Standard library only; reads no PDF."""
