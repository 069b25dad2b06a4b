using ColbertOnnx.Onnx.Proto;

namespace ColbertOnnx.Onnx;

/// <summary>
/// A graph whose nodes are in memory and whose constants are not. <see cref="Proto"/> holds everything but the initializers of
/// the main graph, which stand in <see cref="Initializers"/>, in the order in which they are written.
/// </summary>
internal sealed class OnnxModel(ModelProto proto)
{
    private readonly Dictionary<string, OnnxTensor> initializers = new(StringComparer.Ordinal);
    private readonly List<string> order = [];

    public ModelProto Proto { get; } = proto;

    public GraphProto Graph => Proto.Graph;

    public IEnumerable<OnnxTensor> Initializers => order.Where(initializers.ContainsKey).Select(name => initializers[name]);

    public OnnxTensor? Find(string name) => initializers.GetValueOrDefault(name);

    /// <summary>Adds a constant, or replaces the one of the same name.</summary>
    public void Add(OnnxTensor tensor)
    {
        if (!initializers.ContainsKey(tensor.Name)) order.Add(tensor.Name);
        initializers[tensor.Name] = tensor;
    }

    public void Remove(string name)
    {
        if (initializers.Remove(name)) order.Remove(name);
    }

    /// <summary>Declares the version of an operator set; a higher one that is declared already stays.</summary>
    public void Import(string domain, int version)
    {
        OperatorSetIdProto? found = Proto.OpsetImport.FirstOrDefault(set => set.Domain == domain);
        if (found is null) Proto.OpsetImport.Add(new OperatorSetIdProto { Domain = domain, Version = version });
        else found.Version = Math.Max(found.Version, version);
    }
}
