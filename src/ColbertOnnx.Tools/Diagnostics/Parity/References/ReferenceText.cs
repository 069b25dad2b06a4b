namespace ColbertOnnx.Diagnostics.Parity.References;

/// <summary>One text of a reference with the token vectors that somebody else got for it.</summary>
/// <param name="Values">[Rows, Dimension], all finite.</param>
/// <param name="Dimension">Dimension of each token vector; 0 for a text without any.</param>
/// <param name="Location">Where it stands, for people.</param>
internal sealed record ReferenceText(
    string Text, TextKind Kind, ReadOnlyMemory<float> Values, int Dimension, string Location, string? Id = null)
{
    public int Rows => Dimension == 0 ? 0 : Values.Length / Dimension;
}
