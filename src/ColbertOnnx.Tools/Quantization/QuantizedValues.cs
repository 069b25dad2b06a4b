namespace ColbertOnnx.Quantization;

/// <summary>Values of a graph that are bytes already. A branch may use those of the graphs around it, and keeps its own.</summary>
internal sealed class QuantizedValues(QuantizedValues? outer)
{
    private readonly Dictionary<string, QuantizedActivations> own = new(StringComparer.Ordinal);

    public QuantizedActivations Get(string value, Func<string, QuantizedActivations> write) => Find(value) ?? (own[value] = write(value));

    private QuantizedActivations? Find(string value) => own.GetValueOrDefault(value) ?? outer?.Find(value);
}
