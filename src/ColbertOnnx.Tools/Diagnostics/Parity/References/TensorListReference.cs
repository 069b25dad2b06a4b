using System.Globalization;
using System.Text.Json;
using ColbertOnnx.Safetensors;

namespace ColbertOnnx.Diagnostics.Parity.References;

/// <summary>
/// A JSON list of texts, and of text i the tensor "i.embeddings" (all token vectors of the output) with "i.mask" (the token mask).
/// </summary>
internal sealed class TensorListReference(string json, string tensors) : IReference
{
    public string Name => Path.GetFileName(tensors);

    public IEnumerable<ReferenceText> Read()
    {
        var numbers = new FloatBuffer();
        using SafetensorsFile file = ReferenceErrors.Do(() => SafetensorsFile.Open(tensors));
        using JsonCursor cursor = ReferenceFile.OpenJson(json);
        cursor.Expect(JsonTokenType.StartArray, "a list of texts");
        int number = 0;
        for (; cursor.Read() && cursor.Token != JsonTokenType.EndArray; number++)
        {
            JsonRecord record = JsonRecord.Read(cursor, FormattableString.Invariant($"entry {number + 1}"), numbers);
            string text = record.Text ?? throw ReferenceErrors.Invalid(record.Location, "it has no 'text'.");
            TextKind kind = record.Kind
                ?? throw ReferenceErrors.Invalid(record.Location, "it does not say whether its text is a query ('kind' or 'is_query').");
            var rows = new TensorRows(file, FormattableString.Invariant($"{number}.embeddings"));
            yield return new ReferenceText(text, kind, Kept(file, rows, number), rows.Dimension, record.Location, record.Id);
        }

        cursor.ReadEnd();
        if (file.Tensors.ContainsKey(FormattableString.Invariant($"{number}.embeddings")))
            throw ReferenceErrors.Invalid(
                Name,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"it has token vectors of text {number + 1}, and '{Path.GetFileName(json)}' has "
                        + $"{ShownText.Count(number, "text")}: they do not belong together."));
    }

    private static float[] Kept(SafetensorsFile file, TensorRows rows, int number)
    {
        float[] all = rows.Read(0, rows.Rows);
        string name = FormattableString.Invariant($"{number}.mask");
        if (!file.Tensors.ContainsKey(name)) return all;
        long[] mask = TensorRows.Integers(file, name);
        if (mask.Length != rows.Rows)
            throw ReferenceErrors.Invalid(
                $"{Path.GetFileName(file.FilePath)}, tensor '{name}'",
                $"it has {ShownText.Count(mask.Length, "element")} for {ShownText.Count(rows.Rows, "token vector")}.");
        return [.. mask.Index().Where(m => m.Item != 0).SelectMany(m => all[(m.Index * rows.Dimension)..((m.Index + 1) * rows.Dimension)])];
    }
}
