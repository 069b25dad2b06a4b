using System.Text.Json;
using ColbertOnnx.Safetensors;

namespace ColbertOnnx.Diagnostics.Parity.References;

/// <summary>
/// Our own format: runs of queries or documents in a JSON file (their texts, or those of all runs), and the token vectors of run r in the
/// tensors "r.embeddings" and "r.embedding_offsets" of the safetensors file beside it. docs/reference.md describes it.
/// </summary>
internal sealed class RunReference : IReference
{
    private readonly string json, tensors;
    private readonly RunHeader header;

    private RunReference(string json, string tensors, RunHeader header) => (this.json, this.tensors, this.header) = (json, tensors, header);

    public string Name => Path.GetFileName(json);

    public string? MadeBy => header.MadeBy;

    public bool IsQuantized => header.IsQuantized;

    public IReadOnlyDictionary<string, string> Settings => header.Settings;

    public IReadOnlyList<string> Warnings { get; private init; } = [];

    public static RunReference Open(string json)
    {
        RunHeader header = RunHeader.Read(json);
        string tensors = TensorPair.TensorsOf(json) ?? throw ReferenceErrors.Invalid(
            Path.GetFileName(json),
            $"the token vectors should be in '{Path.GetFileName(Path.ChangeExtension(json, ".safetensors"))}' beside it, which is not "
                + $"there.",
            "Copy both files of the reference.");
        string[] left = [.. header.Runs.Where(run => run.HasArguments).Select(run => run.Name)];
        return new RunReference(json, tensors, header)
        {
            Warnings = left.Length == 0
                ? []
                : [$"Runs that were made with arguments of their own are left out: {string.Join(", ", left)}."],
        };
    }

    public IEnumerable<ReferenceText> Read()
    {
        using SafetensorsFile file = ReferenceErrors.Do(() => SafetensorsFile.Open(tensors));
        header.CheckPair(file, json);
        foreach (RunHeader.Run run in header.Runs.Where(run => !run.HasArguments))
            foreach (ReferenceText text in Read(file, run)) yield return text;
    }

    private IEnumerable<ReferenceText> Read(SafetensorsFile file, RunHeader.Run run)
    {
        var rows = new TensorRows(file, $"{run.Name}.embeddings");
        long[] offsets = TensorRows.Integers(file, $"{run.Name}.embedding_offsets");
        Check(file, run, rows, offsets);
        int number = 0;
        foreach ((string text, string location) in Texts(run))
        {
            long first = offsets[number], count = offsets[++number] - first;
            yield return new ReferenceText(text, run.Kind, rows.Read(first, count), rows.Dimension, location);
        }
    }

    private void Check(SafetensorsFile file, RunHeader.Run run, TensorRows rows, long[] offsets)
    {
        string location = $"{Path.GetFileName(file.FilePath)}, tensor '{run.Name}.embedding_offsets'";
        long texts = run.Texts ?? header.Texts ?? throw ReferenceErrors.Invalid($"{Name}, run '{run.Name}'", "it has no texts.");
        if (offsets.Length != texts + 1)
            throw ReferenceErrors.Invalid(
                location,
                $"it is for {ShownText.Count(offsets.Length - 1, "text")}, and run '{run.Name}' of '{Name}' has {texts}: they do not "
                    + "belong together.");
        if (offsets[0] != 0 || offsets[^1] != rows.Rows || offsets.Zip(offsets.Skip(1)).Any(pair => pair.First > pair.Second))
            throw ReferenceErrors.Invalid(
                location, FormattableString.Invariant($"it should ascend from 0 to {rows.Rows}, the number of rows."));
    }

    private IEnumerable<(string Text, string Location)> Texts(RunHeader.Run run)
    {
        using JsonCursor cursor = ReferenceFile.OpenJson(json);
        if (run.Texts is null) FindList(cursor, "texts", depth: 1);
        else FindRun(cursor, run.Name);
        while (cursor.Read() && cursor.Token != JsonTokenType.EndArray)
        {
            if (cursor.Token != JsonTokenType.String) throw cursor.Wrong("a text (a string)");
            yield return (cursor.GetString(), cursor.Location);
        }
    }

    private static void FindList(JsonCursor cursor, string name, int depth)
    {
        while (cursor.Read())
        {
            if (cursor.Token != JsonTokenType.PropertyName || cursor.Depth != depth) continue;
            if (cursor.GetString() == name)
            {
                cursor.Expect(JsonTokenType.StartArray, "a list of texts");
                return;
            }

            cursor.Skip();
        }
    }

    // The name of a run need not stand in front of its texts: the header knows which run it is.
    private void FindRun(JsonCursor cursor, string name)
    {
        FindList(cursor, "runs", depth: 1);
        foreach (RunHeader.Run run in header.Runs)
        {
            cursor.Read();
            if (run.Name == name) break;
            cursor.Skip();
        }

        FindList(cursor, "texts", depth: 3);
    }
}
