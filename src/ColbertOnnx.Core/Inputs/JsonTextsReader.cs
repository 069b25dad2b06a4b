using System.Text.Json;

namespace ColbertOnnx.Inputs;

/// <summary>{"texts": […]}, {"documents": […]} (the Rust encoder's benchmark_documents.json) or […], element by element; other fields of the object are skipped.</summary>
internal sealed class JsonTextsReader(Stream stream, string source, InputOptions options)
{
    private byte[] buffer = new byte[64 * 1024];
    private int start;
    private int end;
    private bool ended;
    private JsonReaderState state = new(JsonText.ReaderOptions);
    private long line = 1;
    private Place place = Place.Begin;
    private bool found;

    private enum Place
    {
        Begin,
        Object,
        Texts,
        End,
    }

    private enum Outcome
    {
        Item,
        NeedMore,
        Done,
    }

    public IEnumerable<InputItem> Read()
    {
        Fill();
        SkipByteOrderMark();
        while (true)
        {
            Outcome outcome = Step(out InputItem item);
            if (outcome == Outcome.Item)
            {
                yield return item;
            }
            else if (outcome == Outcome.NeedMore)
            {
                Fill();
            }
            else
            {
                if (!found) throw InputErrors.Invalid(source, "there is no list named 'texts' or 'documents'.", "Give {\"texts\": [\"…\"]}, or name the input's format.");
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
                        if (!found && reader.TokenType != JsonTokenType.StartObject) throw InputErrors.Invalid(source, "this is neither an object nor a list.", "Give {\"texts\": [\"…\"]}.");
                        break;
                    case Place.Object when reader.TokenType == JsonTokenType.EndObject:
                        place = Place.End;
                        break;
                    case Place.Object:
                        bool texts = reader.ValueTextEquals("texts") || reader.ValueTextEquals("documents");
                        if (!reader.Read()) return Outcome.NeedMore;
                        if (texts && reader.TokenType == JsonTokenType.StartArray)
                        {
                            place = Place.Texts;
                            found = true;
                        }
                        else if (!reader.TrySkip())
                        {
                            return Outcome.NeedMore;
                        }

                        break;
                    case Place.Texts when reader.TokenType == JsonTokenType.EndArray:
                        place = reader.CurrentDepth == 0 ? Place.End : Place.Object;
                        break;
                    case Place.Texts:
                        string location = InputErrors.At(source, line + buffer.AsSpan(start, (int)reader.TokenStartIndex).Count((byte)'\n'));
                        if (!JsonText.TryRead(ref reader, options, location, out item)) return Outcome.NeedMore;
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
            throw InputErrors.NotJson(InputErrors.At(source, (error.LineNumber ?? 0) + 1), error);
        }
        catch (InvalidOperationException error)
        {
            throw InputErrors.LoneSurrogate(InputErrors.At(source, line), error);
        }
    }

    private void Commit(in Utf8JsonReader reader)
    {
        int consumed = (int)reader.BytesConsumed;
        line += buffer.AsSpan(start, consumed).Count((byte)'\n');
        state = reader.CurrentState;
        start += consumed;
    }

    private void Fill()
    {
        if (!InputBuffer.MakeRoom(ref buffer, ref start, ref end)) throw InputErrors.Invalid(InputErrors.At(source, line), "the record is longer than 2 GB.", "Split the text.");
        int read = InputErrors.Read(stream, buffer.AsSpan(end), source);
        end += read;
        ended = read == 0;
    }

    private void SkipByteOrderMark()
    {
        while (end < 3 && !ended) Fill();
        start = InputBuffer.ByteOrderMark(buffer.AsSpan(0, end), source);
    }
}
