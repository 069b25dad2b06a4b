namespace ColbertOnnx.Inputs;

/// <summary>What a program's users call the settings of <see cref="InputOptions"/>: errors say them.</summary>
/// <param name="TextField">For <see cref="InputOptions.TextField"/>, such as <c>--text-field</c>.</param>
/// <param name="IdField">For <see cref="InputOptions.IdField"/>; null: they cannot say it.</param>
/// <param name="NoHeader">For <see cref="InputOptions.HasHeader"/> as false.</param>
/// <param name="Delimiter">For <see cref="InputOptions.Delimiter"/>.</param>
/// <param name="Quoted">For <see cref="InputOptions.IsQuoted"/>.</param>
public sealed record InputWords(string TextField, string? IdField, string NoHeader, string Delimiter, string Quoted)
{
    /// <summary>All of them.</summary>
    public override string ToString() => string.Join(' ', TextField, IdField, NoHeader, Delimiter, Quoted);
}
