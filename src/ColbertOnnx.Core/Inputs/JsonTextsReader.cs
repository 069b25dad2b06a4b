using System.Text.Json;

namespace ColbertOnnx.Inputs;

/// <summary>
/// {"texts": […]}, {"documents": […]} (the Rust encoder's benchmark_documents.json) or […], element by element; other fields of the object
/// are skipped.
/// </summary>
internal sealed class JsonTextsReader(Stream stream, string source, InputOptions options)
{
    private byte[] buffer = new byte[InputBuffer.Least];
    private int start;
    private int end;
    private bool ended;
    private JsonReaderState state = new(JsonText.ReaderOptions);
    private long line = 1;
    private long position;
    private long itemBegin;
    private Place place = Place.Begin;
    private bool found;
    private string list = "";
    private long number;
    private bool isFirst = true;

    private enum Place
    {
        Begin,
        Object,
        Other,
        Texts,
        End,
    }

    private enum Outcome
    {
        Item,
        NeedMore,
        Done,
    }

    /// <summary>Where the reader stands: in a list, its next item counts.</summary>
    private string LocationOf(long at) =>
        InputErrors.At(source, at) + (place == Place.Texts ? FormattableString.Invariant($", {list}[{number}]") : "");

    /// <summary>Those that begin in a range of the stream; what stands before it is parsed too.</summary>
    public IEnumerable<InputItem> Read(ByteRange range)
    {
        Fill();
        position = start = InputBuffer.Begin(buffer.AsSpan(0, end), source);
        while (true)
        {
            Outcome outcome = Step(out InputItem item);
            if (outcome == Outcome.Item)
            {
                if (itemBegin >= range.End) yield break;
                if (itemBegin >= range.Begin) yield return item;
            }
            else if (outcome == Outcome.NeedMore)
            {
                Fill();
            }
            else
            {
                if (!found)
                    throw InputErrors.Invalid(
                        source,
                        "there is no list named 'texts' or 'documents'.",
                        "Give {\"texts\": [\"…\"]}, or name the input's format.");
                yield break;
            }
        }
    }

    /// <summary>Goes on from the last whole token to the next record. What the buffer ends in is read again with more bytes.</summary>
    private Outcome Step(out InputItem item)
    {
        item = default;
        var reader = new Utf8JsonReader(buffer.AsSpan(start, end - start), ended, state);
        try
        {
            while (reader.Read())
            {
                switch (place)
                {
                    case Place.Begin:
                        found = reader.TokenType == JsonTokenType.StartArray;
                        place = found ? Place.Texts : Place.Object;
                        if (!found && reader.TokenType != JsonTokenType.StartObject)
                            throw InputErrors.Invalid(source, "this is neither an object nor a list.", "Give {\"texts\": [\"…\"]}.");
                        break;
                    case Place.Object when reader.TokenType == JsonTokenType.EndObject:
                        place = Place.End;
                        break;
                    case Place.Object:
                        list = reader.ValueTextEquals("texts") ? "texts" : reader.ValueTextEquals("documents") ? "documents" : "";
                        if (!reader.Read()) return Outcome.NeedMore;
                        bool isList = list.Length > 0 && reader.TokenType == JsonTokenType.StartArray;
                        if (isList) (found, number) = (true, 0);
                        place = isList ? Place.Texts : IsValueEnd(in reader) ? Place.Object : Place.Other;
                        break;
                    case Place.Other:
                        if (IsValueEnd(in reader)) place = Place.Object;
                        break;
                    case Place.Texts when reader.TokenType == JsonTokenType.EndArray:
                        place = reader.CurrentDepth == 0 ? Place.End : Place.Object;
                        break;
                    case Place.Texts:
                        int begin = (int)reader.TokenStartIndex;
                        string location = LocationOf(line + buffer.AsSpan(start, begin).Count((byte)'\n'));
                        if (!JsonText.TryRead(ref reader, buffer.AsSpan(start, end - start), options, location, isFirst, out item))
                            return Outcome.NeedMore;
                        number++;
                        itemBegin = position + begin;
                        isFirst = false;
                        Commit(in reader);
                        return Outcome.Item;
                }

                Commit(in reader);
                reader = new Utf8JsonReader(buffer.AsSpan(start, end - start), ended, state);
            }

            return ended ? Outcome.Done : Outcome.NeedMore;
        }
        catch (JsonException error)
        {
            // With a state that is carried on, the reader's own count of lines is the file's.
            throw InputErrors.NotJson(LocationOf((error.LineNumber ?? 0) + 1), error);
        }
        catch (InvalidOperationException error)
        {
            throw InputErrors.LoneSurrogate(LocationOf(line), error);
        }
    }

    private void Commit(in Utf8JsonReader reader)
    {
        int consumed = (int)reader.BytesConsumed;
        line += buffer.AsSpan(start, consumed).Count((byte)'\n');
        state = reader.CurrentState;
        start += consumed;
        position += consumed;
    }

    /// <summary>The last token of a field's value: it is plain, or closes what the value opened.</summary>
    private static bool IsValueEnd(in Utf8JsonReader reader) =>
        reader.CurrentDepth == 1 && reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray);

    // Until the buffer is full: what it ends in is parsed again each time, and a pipe gives small pieces.
    private void Fill()
    {
        if (!InputBuffer.MakeRoom(ref buffer, ref start, ref end)) throw InputErrors.TooLong(LocationOf(line), "the record");
        while (end < buffer.Length && !ended)
        {
            int read = InputErrors.Read(stream, buffer.AsSpan(end), source);
            end += read;
            ended = read == 0;
        }
    }
}
