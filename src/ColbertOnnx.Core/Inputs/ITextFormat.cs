namespace ColbertOnnx.Inputs;

/// <summary>Texts of a format that a package of its own knows.</summary>
internal interface ITextFormat
{
    /// <summary>As <see cref="InputReader.ReadFile"/>, or with a part as <see cref="InputReader.ReadPart"/>.</summary>
    IEnumerable<InputItem> ReadTexts(string path, InputOptions options, InputPart? part);
}
