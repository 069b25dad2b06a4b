namespace ColbertOnnx.PowerShell.Binding;

/// <summary>The text that an object of the pipeline stands for.</summary>
/// <param name="Text">The text itself.</param>
/// <param name="Id">The object's own name for it.</param>
/// <param name="Source">The object.</param>
internal readonly record struct TextItem(string Text, string? Id, object? Source);
