namespace ColbertOnnx.Tokenization;

/// <summary>The part of the given text, in UTF-16 units, that one unit of the normalized text stands for.</summary>
internal readonly record struct Alignment(int Start, int End);
