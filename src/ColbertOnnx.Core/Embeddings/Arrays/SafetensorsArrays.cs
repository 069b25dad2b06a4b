using ColbertOnnx.Safetensors;

namespace ColbertOnnx.Embeddings.Arrays;

/// <summary>
/// The tensors of a safetensors file. Ours are in the order of their data; other writers sort by name, in which numbers count by their
/// value here.
/// </summary>
internal sealed class SafetensorsArrays : IArrayFile
{
    private readonly SafetensorsFile file;

    public SafetensorsArrays(string path)
    {
        if (!File.Exists(path)) throw Inputs.InputReader.Unreadable(path, new FileNotFoundException(null, path));
        try
        {
            file = SafetensorsFile.Open(path);
        }
        catch (ColbertException error) when (error.Id == ColbertErrorId.WeightsInvalid)
        {
            throw new ColbertException(ColbertErrorId.InputInvalid, error.Message, path, error.Action, error);
        }
    }

    public string Path => file.FilePath;

    public IReadOnlyDictionary<string, string> Metadata => file.Metadata;

    public IEnumerable<StoredArray> Arrays()
    {
        IEnumerable<SafetensorsTensor> tensors = file.Metadata.TryGetValue("format", out string? format)
            && format == SafetensorsLayout.Format
            ? file.Tensors.Values.OrderBy(tensor => tensor.Offset).ThenBy(tensor => tensor.ByteCount)
            : file.Tensors.Values.OrderBy(tensor => tensor.Name, NaturalOrder.Instance);
        return tensors.Select(Describe);
    }

    public IEnumerable<string> Names() => file.Tensors.Keys;

    public StoredArray? Find(string name) => file.Tensors.TryGetValue(name, out SafetensorsTensor? tensor) ? Describe(tensor) : null;

    public void Dispose() => file.Dispose();

    private StoredArray Describe(SafetensorsTensor tensor) =>
        new(tensor.Name, $"{Path}: {tensor.Name}", tensor.Type, tensor.TypeName, tensor.Shape, () => file.OpenTensor(tensor));
}
