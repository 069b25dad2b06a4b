using System.Text.Json;
using ColbertOnnx.IO;
using ColbertOnnx.Modeling;
using ColbertOnnx.Safetensors;

namespace ColbertOnnx.Export;

/// <summary>
/// The tensors of a checkpoint: model.safetensors, or the shards that its index names. Read in place, one at a time. Remembers which
/// were asked for: a tensor that no part of the graph wanted is the sign of an architecture that was misunderstood.
/// </summary>
internal sealed class CheckpointWeights : IDisposable
{
    public const string Single = "model.safetensors";
    private const string Index = "model.safetensors.index.json";

    private readonly List<SafetensorsFile> files = [];
    private readonly Dictionary<string, (SafetensorsFile File, SafetensorsTensor Tensor)> tensors = new(StringComparer.Ordinal);
    private readonly HashSet<string> used = new(StringComparer.Ordinal);

    private string prefix = "";

    private CheckpointWeights(string folder) => Folder = folder;

    public string Folder { get; }

    /// <exception cref="ColbertException"><see cref="ColbertErrorId.ModelIncomplete"/>,
    /// <see cref="ColbertErrorId.WeightsInvalid"/>.</exception>
    public static CheckpointWeights Open(string folder)
    {
        var weights = new CheckpointWeights(folder);
        try
        {
            foreach (string file in Files(folder)) weights.Add(SafetensorsFile.Open(Path.Combine(folder, file)));
            return weights;
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Names are meant below this one from now on, if any tensor is: models with a head of another task have it in front.
    /// </summary>
    public void Below(string part)
    {
        if (tensors.Keys.Any(name => name.StartsWith(prefix + part, StringComparison.Ordinal))) prefix += part;
    }

    public bool Has(string name) => tensors.ContainsKey(prefix + name);

    /// <summary>A tensor of this shape, by the first of the names that is there.</summary>
    public Weight Get(IReadOnlyList<long> shape, params ReadOnlySpan<string> names)
    {
        foreach (string candidate in names)
        {
            string name = prefix + candidate;
            if (!tensors.TryGetValue(name, out (SafetensorsFile File, SafetensorsTensor Tensor) found)) continue;
            used.Add(name);
            if (!found.Tensor.Shape.SequenceEqual(shape))
                throw Invalid(
                    $"has the tensor '{name}' as [{string.Join(", ", found.Tensor.Shape)}], where config.json means "
                        + $"[{string.Join(", ", shape)}]");

            // Of a type that is not read the file may promise any number of elements.
            found.File.RequireKnown(found.Tensor);
            return found.Tensor.ElementCount > 0
                ? new Weight(found.File, found.Tensor)
                : throw Invalid($"has no elements in the tensor '{name}'");
        }

        throw Invalid($"has no tensor '{prefix}{names[0]}'");
    }

    /// <summary>Rows of a matrix that the configuration does not give.</summary>
    public int Rows(string matrix)
    {
        string name = prefix + matrix;
        if (!tensors.TryGetValue(name, out (SafetensorsFile File, SafetensorsTensor Tensor) found))
            throw Invalid($"has no tensor '{name}'");
        return found.Tensor.Shape is [> 0 and <= int.MaxValue and var rows, _]
            ? (int)rows
            : throw Invalid($"has the tensor '{name}' as [{string.Join(", ", found.Tensor.Shape)}], where a matrix with rows belongs");
    }

    /// <summary>For a tensor that files may hold and the model itself leaves out.</summary>
    public void Ignore(string name) => used.Add(prefix + name);

    /// <summary>Names that nothing asked for, in order.</summary>
    public IEnumerable<string> Unused => tensors.Keys.Where(name => !used.Contains(name)).Order(StringComparer.Ordinal);

    public ColbertException Invalid(string what) =>
        new(
            ColbertErrorId.WeightsInvalid, $"The checkpoint '{Folder}' {what}.", Folder,
            "Check that weights and config.json belong together.");

    public void Dispose()
    {
        foreach (SafetensorsFile file in files) file.Dispose();
    }

    private void Add(SafetensorsFile file)
    {
        files.Add(file);
        foreach (SafetensorsTensor tensor in file.Tensors.Values)
            if (!tensors.TryAdd(tensor.Name, (file, tensor))) throw Invalid($"holds the tensor '{tensor.Name}' in two files");
    }

    private static IEnumerable<string> Files(string folder)
    {
        if (FileLinks.IsThere(Path.Combine(folder, Single))) return [Single];
        string index = Path.Combine(folder, Index);
        if (FileLinks.IsThere(index)) return Shards(index);
        if (Pickle(folder) is not { } pickle)
            throw Lacks(folder, Single, "Give the folder that holds config.json and model.safetensors.");
        throw new ColbertException(
            ColbertErrorId.ModelIncomplete,
            $"The checkpoint '{folder}' has its weights in {pickle} alone: a Python pickle, which is a program and is not run here.",
            Path.Combine(folder, pickle),
            ForeignWeights.ConvertPickle);
    }

    private static string? Pickle(string folder)
    {
        try
        {
            return Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file)!).Where(ForeignWeights.IsPickle)
                .Order(StringComparer.Ordinal).FirstOrDefault();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ColbertException(
                ColbertErrorId.WeightsInvalid, $"'{folder}' has no {Single}, and its other files cannot be listed: {e.Message}", folder,
                "Check the folder and its rights.", e);
        }
    }

    private static ColbertException Lacks(string folder, string file, string action) =>
        new(ColbertErrorId.ModelIncomplete, $"The checkpoint '{folder}' lacks {file}.", Path.Combine(folder, file), action);

    private static string[] Shards(string index)
    {
        JsonElement root = JsonFile.Read(index, Index, ColbertErrorId.WeightsInvalid, JsonValueKind.Object);
        if (!root.TryGetProperty("weight_map", out JsonElement map) || map.ValueKind != JsonValueKind.Object)
            throw InIndex("has no weight_map of tensors and their files");
        string[] files = [.. map.EnumerateObject().Select(FileOf).Distinct().Order(StringComparer.Ordinal)];
        if (files.Length == 0) throw InIndex("names no file in its weight_map");
        if (Array.Find(files, file => Path.GetFileName(file) != file || file is "" or "." or "..") is { } outside)
            throw InIndex($"names '{outside}', which is not a file of the folder");
        string folder = Path.GetDirectoryName(index)!;
        return Array.Find(files, file => !FileLinks.IsThere(Path.Combine(folder, file))) is { } missing
            ? throw Lacks(folder, missing, $"Copy or download it too: {Index} names it.")
            : files;

        string FileOf(JsonProperty entry) =>
            entry.Value.ValueKind == JsonValueKind.String
                ? entry.Value.GetString()!
                : throw InIndex($"gives the tensor '{entry.Name}' {JsonFile.Word(entry.Value)} in the place of a file's name");
        ColbertException InIndex(string what) =>
            new(ColbertErrorId.WeightsInvalid, $"{Index} {what}.", index, "Copy or download the file again.");
    }
}
