using System.Text.Json;
using ColbertOnnx.Inputs;

namespace ColbertOnnx.Diagnostics.Parity.References;

/// <summary>
/// A JSON list of texts with their token vectors: reference_embeddings.json, or pylate_verification_embeddings.json with the documents
/// beside it.
/// </summary>
internal sealed class JsonListReference(string path, string? textPath, InputOptions? textOptions) : IReference
{
    private const string Documents = "benchmark_documents.json";

    public string Name => Path.GetFileName(path);

    public IEnumerable<ReferenceText> Read()
    {
        var numbers = new FloatBuffer();
        using JsonCursor cursor = ReferenceFile.OpenJson(path);
        using var documents = new DocumentList(textPath ?? Path.Combine(Path.GetDirectoryName(path)!, Documents), textOptions);
        cursor.Expect(JsonTokenType.StartArray, "a list of texts");
        int dimension = 0;
        for (int number = 1; cursor.Read() && cursor.Token != JsonTokenType.EndArray; number++)
        {
            string entry = FormattableString.Invariant($"entry {number}");
            JsonRecord record = JsonRecord.Read(cursor, entry, numbers);
            if (record.Values is null)
                throw ReferenceErrors.Invalid(record.Location, "it has no rows ('pylate_embeddings' or 'embeddings').");
            if (dimension == 0) dimension = record.Dimension;
            else if (record.Dimension != 0 && record.Dimension != dimension)
                throw ReferenceErrors.Dimension(record.Location, record.Dimension, dimension, "the texts before it");
            string text = record.Text ?? (record.DocumentIndex is { } index
                ? documents.Get(index, record.Location)
                : throw ReferenceErrors.Invalid(record.Location, "it has neither a 'text' nor a 'doc_index'."));
            TextKind kind = record.Kind
                ?? throw ReferenceErrors.Invalid(record.Location, "it does not say whether its text is a query ('is_query' or 'kind').");
            yield return new ReferenceText(text, kind, record.Values, record.Dimension, record.Location, record.Id);
        }

        cursor.ReadEnd();
    }

    /// <summary>Texts by their number. They are asked for in ascending order as a rule, so that one pass over the file is enough.</summary>
    private sealed class DocumentList(string path, InputOptions? options) : IDisposable
    {
        private IEnumerator<InputItem>? items;
        private long next;

        public string Get(long index, string location)
        {
            if (!File.Exists(path))
                throw ReferenceErrors.Invalid(
                    location, $"its text is document {index} of '{Path.GetFileName(path)}', which is not there.",
                    $"Put {Path.GetFileName(path)} beside the reference, or name it with -ReferenceText (--reference-text).");
            if (index < next) Dispose();
            items ??= ReferenceErrors.Guard(InputReader.ReadFile(path, options ?? new InputOptions())).GetEnumerator();
            while (index >= 0 && items.MoveNext())
            {
                if (next++ != index) continue;
                InputItem item = items.Current;
                return item.Error is null
                    ? item.Text
                    : throw ReferenceErrors.Invalid(item.Location, item.Error.Message, item.Error.Action!, item.Error);
            }

            throw ReferenceErrors.Invalid(
                location, FormattableString.Invariant($"its text is document {index}, and '{Path.GetFileName(path)}' has {next}."),
                "Give the documents that the reference was made of.");
        }

        public void Dispose()
        {
            items?.Dispose();
            (items, next) = (null, 0);
        }
    }
}
