using System.Security.Cryptography;
using System.Text.Json;
using ColbertOnnx.Safetensors;

namespace ColbertOnnx.Diagnostics.Parity.References;

/// <summary>Everything of a reference's JSON but its texts, which are counted.</summary>
internal sealed class RunHeader
{
    /// <summary>Name in the tensors' metadata under which the hash of the JSON file stands, where the two were written together.</summary>
    public const string Digest = "texts_sha256";

    private readonly Dictionary<string, string> settings = new(StringComparer.Ordinal);
    private readonly List<Run> runs = [];

    public string? MadeBy { get; private set; }

    public bool IsQuantized { get; private set; }

    /// <summary>How many texts all runs share; null: each has its own.</summary>
    public long? Texts { get; private set; }

    public IReadOnlyList<Run> Runs => runs;

    public IReadOnlyDictionary<string, string> Settings => settings;

    /// <param name="Texts">How many texts of its own it has; null: those of all.</param>
    /// <param name="HasArguments">It was made with other settings than the model's, so that a model as it is cannot give the same.</param>
    internal sealed record Run(string Name, TextKind Kind, long? Texts, bool HasArguments);

    public static RunHeader Read(string path)
    {
        var header = new RunHeader();
        using JsonCursor cursor = ReferenceFile.OpenJson(path);
        cursor.Expect(JsonTokenType.StartObject, "an object");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (cursor.Read() && cursor.Token != JsonTokenType.EndObject)
        {
            string name = cursor.GetString();
            if (!seen.Add(name)) throw ReferenceErrors.Invalid(cursor.Location, $"'{name}' stands there twice.");
            header.Take(cursor, name);
        }

        cursor.ReadEnd();
        if (header.runs.Count > 0) return header;
        throw seen.Contains("documents")
            ? ReferenceErrors.Invalid(
                Path.GetFileName(path), "it holds documents and no rows.",
                "Give pylate_verification_embeddings.json, which names them by their numbers.")
            : ReferenceErrors.Invalid(
                Path.GetFileName(path), "it has no 'runs', so that it is not a reference.",
                "Give what New-ColbertReference wrote, or a list of texts with their rows.");
    }

    /// <summary>Files that were written together stay together.</summary>
    public void CheckPair(SafetensorsFile file, string json)
    {
        if (!file.Metadata.TryGetValue(Digest, out string? said)) return;
        using FileStream stream = File.OpenRead(json);
        if (!said.Equals(Convert.ToHexStringLower(SHA256.HashData(stream)), StringComparison.OrdinalIgnoreCase))
            throw ReferenceErrors.Invalid(
                Path.GetFileName(file.FilePath),
                $"it was written with another '{Path.GetFileName(json)}' than the one beside it, or that was changed.",
                "Copy both files of the reference, or make it again.");
    }

    private void Take(JsonCursor cursor, string name)
    {
        switch (name)
        {
            case "made_by":
                cursor.Read();
                MadeBy = cursor.Token == JsonTokenType.String ? cursor.GetString() : Versions(cursor);
                break;
            case "quantized":
                cursor.Read();
                IsQuantized = cursor.GetBoolean("true or false");
                break;
            case "texts":
                Texts = Count(cursor);
                break;
            case "settings":
                ReferenceSettings.Read(cursor, settings);
                break;
            case "runs":
                cursor.Expect(JsonTokenType.StartArray, "a list of runs");
                while (cursor.Read() && cursor.Token != JsonTokenType.EndArray) runs.Add(ReadRun(cursor));
                break;
            default:
                cursor.Skip();
                break;
        }
    }

    // {"pylate": "1.6.0", ...}: what made it, each with its version.
    private static string? Versions(JsonCursor cursor)
    {
        if (cursor.Token != JsonTokenType.StartObject)
        {
            cursor.Skip();
            return null;
        }

        List<string> versions = [];
        while (cursor.Read() && cursor.Token == JsonTokenType.PropertyName)
        {
            string name = cursor.GetString();
            cursor.Read();
            if (cursor.Token == JsonTokenType.String) versions.Add($"{name} {cursor.GetString()}");
            else cursor.Skip();
        }

        return versions.Count == 0 ? null : string.Join(", ", versions);
    }

    private static Run ReadRun(JsonCursor cursor)
    {
        if (cursor.Token != JsonTokenType.StartObject) throw cursor.Wrong("a run (an object)");
        string location = cursor.Location;
        string? name = null;
        TextKind? kind = null;
        long? texts = null;
        bool hasArguments = false;
        while (cursor.Read() && cursor.Token != JsonTokenType.EndObject)
        {
            switch (cursor.GetString())
            {
                case "name":
                    cursor.Expect(JsonTokenType.String, "the name of the run");
                    name = cursor.GetString();
                    break;
                case "is_query":
                    cursor.Read();
                    kind = cursor.GetBoolean("true or false") ? TextKind.Query : TextKind.Document;
                    break;
                case "texts":
                    texts = Count(cursor);
                    break;
                case "init" or "encode":
                    cursor.Expect(JsonTokenType.StartObject, "arguments (an object)");
                    int depth = cursor.Depth;
                    hasArguments |= cursor.Read() && cursor.Token != JsonTokenType.EndObject;
                    cursor.SkipTo(depth);
                    break;
                case "expected":
                    hasArguments = true;
                    cursor.Skip();
                    break;
                default:
                    cursor.Skip();
                    break;
            }
        }

        return new Run(
            name ?? throw ReferenceErrors.Invalid(location, "the run has no 'name'."),
            kind ?? throw ReferenceErrors.Invalid(location, "the run does not say whether its texts are queries ('is_query')."), texts,
            hasArguments);
    }

    private static long Count(JsonCursor cursor)
    {
        cursor.Expect(JsonTokenType.StartArray, "a list of texts");
        long count = 0;
        while (cursor.Read() && cursor.Token != JsonTokenType.EndArray)
        {
            if (cursor.Token != JsonTokenType.String) throw cursor.Wrong("a text (a string)");
            count++;
        }

        return count;
    }
}
