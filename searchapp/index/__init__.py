"""The two derived indexes, dense (faiss) and lexical (tantivy), over the same ids."""
