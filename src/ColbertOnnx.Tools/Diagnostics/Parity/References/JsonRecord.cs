using System.Globalization;
using System.Text.Json;

namespace ColbertOnnx.Diagnostics.Parity.References;

/// <summary>
/// An object of a list of texts, as the seed's tool and its users write them: text, is_query or kind, doc_index, id, and rows under
/// pylate_embeddings, embeddings or embedding with a shape. Other fields are skipped.
/// </summary>
internal sealed record JsonRecord
{
    public required string Location { get; init; }

    public string? Text { get; private set; }

    public string? Id { get; private set; }

    /// <summary>Place in the list of documents beside the file.</summary>
    public long? DocumentIndex { get; private set; }

    public TextKind? Kind { get; private set; }

    /// <summary>Null where the object holds no rows.</summary>
    public float[]? Values { get; private set; }

    public int Dimension { get; private set; }

    private int rows;
    private (long Rows, long Columns, string Location)? shape;

    /// <summary>The cursor stands on the object's start, and then on its end.</summary>
    public static JsonRecord Read(JsonCursor cursor, string entry, FloatBuffer numbers)
    {
        if (cursor.Token != JsonTokenType.StartObject) throw cursor.Wrong("an object with a text and its rows");
        var record = new JsonRecord { Location = $"{cursor.Location} ({entry})" };
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (cursor.Read() && cursor.Token != JsonTokenType.EndObject)
        {
            string name = cursor.GetString();
            if (!record.Take(cursor, name, entry, numbers)) cursor.Skip();
            else if (!seen.Add(name)) throw ReferenceErrors.Invalid(cursor.Location, $"{entry} has '{name}' twice.");
        }

        record.CheckShape(entry);
        return record;
    }

    private bool Take(JsonCursor cursor, string name, string entry, FloatBuffer numbers)
    {
        switch (name)
        {
            case "text":
                cursor.Expect(JsonTokenType.String, "a text (a string)");
                Text = cursor.GetString();
                return true;
            case "id":
                cursor.Read();
                if (cursor.Token == JsonTokenType.String) Id = cursor.GetString();
                else if (cursor.Token == JsonTokenType.Number)
                    Id = cursor.GetInteger("a whole number or a string").ToString(CultureInfo.InvariantCulture);
                else if (cursor.Token != JsonTokenType.Null) throw cursor.Wrong("an id (a string)");
                return true;
            case "doc_index":
                cursor.Read();
                DocumentIndex = cursor.GetInteger("the number of a document");
                Kind = TextKind.Document;
                return true;
            case "is_query":
                cursor.Read();
                Kind = cursor.GetBoolean("true or false") ? TextKind.Query : TextKind.Document;
                return true;
            case "kind":
                cursor.Expect(JsonTokenType.String, "\"query\" or \"document\"");
                Kind = cursor.GetString() switch
                {
                    "query" => TextKind.Query,
                    "document" => TextKind.Document,
                    _ => throw cursor.Wrong("\"query\" or \"document\""),
                };
                return true;
            case "pylate_embeddings" or "embeddings" or "embedding":
                if (Values is not null) throw ReferenceErrors.Invalid(cursor.Location, $"{entry} has rows twice ('{name}' as well).");
                ReadRows(cursor, entry, numbers);
                return true;
            case "pylate_shape" or "shape":
                cursor.Expect(JsonTokenType.StartArray, "a shape ([rows, numbers])");
                string location = cursor.Location;
                cursor.Read();
                long first = cursor.GetInteger("a number of rows");
                cursor.Read();
                shape = (first, cursor.GetInteger("a number of columns"), location);
                cursor.Expect(JsonTokenType.EndArray, "the end of the shape");
                return true;
            default:
                return false;
        }
    }

    private void ReadRows(JsonCursor cursor, string entry, FloatBuffer numbers)
    {
        cursor.Expect(JsonTokenType.StartArray, "a list of rows");
        numbers.Clear();
        while (cursor.Read() && cursor.Token != JsonTokenType.EndArray)
        {
            if (cursor.Token != JsonTokenType.StartArray) throw cursor.Wrong("a row (a list of numbers)");
            string location = cursor.Location;
            int before = numbers.Count;
            cursor.ReadNumbers(numbers);
            int width = numbers.Count - before;
            if (rows++ == 0) Dimension = width;
            if (width != Dimension || width == 0)
                throw ReferenceErrors.Invalid(
                    location,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"row {rows} of {entry} has {ShownText.Count(width, "element")}"
                            + $"{(rows == 1 ? "" : $", and the rows before it {Dimension}")}."));
        }

        Values = numbers.ToArray();
    }

    private void CheckShape(string entry)
    {
        if (Values is not null && shape is { } said && (said.Rows != rows || (rows > 0 && said.Columns != Dimension)))
            throw ReferenceErrors.Invalid(
                said.Location,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{entry} says that it has {ShownText.Count(said.Rows, "row")} of dimension {said.Columns}, "
                        + $"and holds {rows} of {Dimension}."));
    }
}
