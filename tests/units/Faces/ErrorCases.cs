using System.Text;
using System.Text.Json;

namespace ColbertOnnx.Tests.Faces;

/// <summary>tests/data/errors.json, which Pester runs too.</summary>
internal static class ErrorCases
{
    private static readonly JsonDocument Table = JsonDocument.Parse(File.ReadAllBytes(TestData.Path("errors.json")));

    public static JsonElement Model(string name) => Table.RootElement.GetProperty("models").EnumerateArray().Single(c => Name(c) == name);

    public static JsonElement Input(string name) => Table.RootElement.GetProperty("inputs").EnumerateArray().Single(c => Name(c) == name);

    public static JsonElement Baseline(string name) =>
        Table.RootElement.GetProperty("baselines").EnumerateArray().Single(c => Name(c) == name);

    public static JsonElement Provider(string name) =>
        Table.RootElement.GetProperty("providers").EnumerateArray().Single(c => Name(c) == name);

    public static TheoryData<string> ProviderNames() => [.. Table.RootElement.GetProperty("providers").EnumerateArray().Select(Name)];

    public static TheoryData<string> ModelNames() => [.. Table.RootElement.GetProperty("models").EnumerateArray().Select(Name)];

    public static JsonElement Checkpoint(string name) =>
        Table.RootElement.GetProperty("checkpoints").EnumerateArray().Single(c => Name(c) == name);

    public static TheoryData<string> CheckpointNames() => [.. Table.RootElement.GetProperty("checkpoints").EnumerateArray().Select(Name)];

    public static JsonElement Hub(string name) => Table.RootElement.GetProperty("hub").EnumerateArray().Single(c => Name(c) == name);

    public static TheoryData<string> HubNames() => [.. Table.RootElement.GetProperty("hub").EnumerateArray().Select(Name)];

    public static TheoryData<string> InputNames() => [.. Table.RootElement.GetProperty("inputs").EnumerateArray().Select(Name)];

    public static JsonElement Embeddings(string name) =>
        Table.RootElement.GetProperty("embeddings").EnumerateArray().Single(c => Name(c) == name);

    public static TheoryData<string> EmbeddingsNames() => [.. Table.RootElement.GetProperty("embeddings").EnumerateArray().Select(Name)];

    public static TheoryData<string> BaselineNames() => [.. Table.RootElement.GetProperty("baselines").EnumerateArray().Select(Name)];

    public static JsonElement RunOf(string name) => Table.RootElement.GetProperty("runs").EnumerateArray().Single(c => Name(c) == name);

    public static TheoryData<string> RunNames() => [.. Table.RootElement.GetProperty("runs").EnumerateArray().Select(Name)];

    public static JsonElement Held() => Table.RootElement.GetProperty("held").EnumerateArray().Single();

    /// <summary>Every error that the table expects, in all its parts.</summary>
    public static IEnumerable<ColbertErrorId> All() =>
        Table.RootElement.EnumerateObject().Where(part => part.Value.ValueKind == JsonValueKind.Array)
            .SelectMany(part => part.Value.EnumerateArray()).Select(ErrorOf);

    /// <summary>Writes the files of a run and puts paths in the place of {folder}, {model} and {checkpoint}.</summary>
    public static (string[] Command, Dictionary<string, string> Variables) BuildRun(JsonElement c, TemporaryFolder folder)
    {
        foreach (JsonProperty file in Entries(c, "write")) folder.With(file.Name, file.Value.GetString()!);
        foreach (JsonProperty file in Entries(c, "repeat"))
            folder.With(file.Name, string.Concat(Enumerable.Repeat(file.Value[0].GetString()!, file.Value[1].GetInt32())));
        return (
            [.. c.GetProperty("command").GetString()!.Split(' ').Select(Placed)],
            Entries(c, "variables").ToDictionary(variable => variable.Name, variable => Placed(variable.Value.GetString()!)));

        string Placed(string text) => text
            .Replace("{folder}", folder.Path, StringComparison.Ordinal)
            .Replace("{model}", TestData.Path("onnx", "bert-base"), StringComparison.Ordinal)
            .Replace("{checkpoint}", CheckpointFolder.Of("bert-base"), StringComparison.Ordinal);
    }

    public static JsonElement Reference(string name) =>
        Table.RootElement.GetProperty("references").EnumerateArray().Single(c => Name(c) == name);

    public static TheoryData<string> ReferenceNames() => [.. Table.RootElement.GetProperty("references").EnumerateArray().Select(Name)];

    public static ColbertErrorId ErrorOf(JsonElement c) => Enum.Parse<ColbertErrorId>(c.GetProperty("error").GetString()!);

    public static IEnumerable<string> NamesOf(JsonElement c) => c.GetProperty("names").EnumerateArray().Select(n => n.GetString()!);

    /// <summary>The broken folder of a case.</summary>
    public static string Build(JsonElement c, TemporaryFolder folder, bool checkpoint = false)
    {
        JsonElement model = c.GetProperty("model");
        if (model.TryGetProperty("missing", out _)) return folder.File("missing");
        if (checkpoint) folder.CopyAll(CheckpointFolder.Of("bert-base"));
        else folder.Copy(TestData.Path("onnx", "bert-base"));
        Change(model, folder);
        return folder.Path;
    }

    /// <summary>The reference of a case, there or not.</summary>
    public static string BuildReference(JsonElement c, TemporaryFolder folder)
    {
        if (c.TryGetProperty("copy", out _)) folder.Copy(TestData.Path("references"));
        foreach (JsonProperty file in Entries(c, "files")) folder.With(file.Name, file.Value.GetString()!);
        Change(c, folder);
        foreach (JsonProperty file in Entries(c, "bytes"))
        {
            byte[] content = File.ReadAllBytes(folder.File(file.Name));
            int at = file.Value[0].GetInt32();
            foreach (JsonElement value in file.Value[1].EnumerateArray()) content[at++] = value.GetByte();
            File.WriteAllBytes(folder.File(file.Name), content);
        }

        return folder.File(c.GetProperty("file").GetString()!);
    }

    private static void Change(JsonElement model, TemporaryFolder folder)
    {
        foreach (JsonElement file in Items(model, "remove")) File.Delete(folder.File(file.GetString()!));
        foreach (JsonProperty file in Entries(model, "cut"))
            File.WriteAllBytes(folder.File(file.Name), File.ReadAllBytes(folder.File(file.Name))[..file.Value.GetInt32()]);
        foreach (JsonProperty file in Entries(model, "write")) File.WriteAllText(folder.File(file.Name), file.Value.GetString());
        foreach (JsonProperty file in Entries(model, "replace"))
        {
            // Latin-1 keeps every byte as it is.
            string content = Encoding.Latin1.GetString(File.ReadAllBytes(folder.File(file.Name)));
            string changed = content.Replace(file.Value[0].GetString()!, file.Value[1].GetString()!, StringComparison.Ordinal);
            Assert.NotEqual(content, changed);
            File.WriteAllBytes(folder.File(file.Name), Encoding.Latin1.GetBytes(changed));
        }
    }

    /// <summary>The file of a case, there or not.</summary>
    public static string BuildBaseline(JsonElement c, TemporaryFolder folder)
    {
        string file = c.GetProperty("file").GetString()!;
        if (c.TryGetProperty("content", out JsonElement content)) folder.With(file, content.GetString()!);
        return folder.File(file);
    }

    /// <summary>The plug-in library of a case, there or not; null where it has none.</summary>
    public static string? BuildLibrary(JsonElement c, TemporaryFolder folder)
    {
        if (!c.TryGetProperty("library", out JsonElement library)) return null;
        if (c.TryGetProperty("content", out JsonElement content)) folder.With(library.GetString()!, content.GetString()!);
        return folder.File(library.GetString()!);
    }

    public static string[] ListOf(JsonElement c, string name) => [.. Items(c, name).Select(item => item.GetString()!)];

    public static IEnumerable<JsonProperty> OptionsOf(JsonElement c) => Entries(c, "options");

    private static string Name(JsonElement c) => c.GetProperty("name").GetString()!;

    private static IEnumerable<JsonElement> Items(JsonElement model, string name) =>
        model.TryGetProperty(name, out JsonElement list) ? list.EnumerateArray() : [];

    private static IEnumerable<JsonProperty> Entries(JsonElement model, string name) =>
        model.TryGetProperty(name, out JsonElement list) ? list.EnumerateObject() : [];
}
