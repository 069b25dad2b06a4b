namespace ColbertOnnx.Tokenization.Models;

/// <summary>The symbols of a word while they are merged.</summary>
internal sealed class BpeWord;
