using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using ColbertOnnx.Inputs;

namespace ColbertOnnx.Diagnostics.Parity.References;

/// <summary>
/// JSON of any size, token by token: memory holds a buffer as long as the longest token. Rows of numbers and what is skipped go through in
/// one piece. Every error says the line and the byte.
/// </summary>
internal sealed class JsonCursor(Stream stream, string source) : IDisposable
{
    private byte[] buffer = new byte[InputBuffer.Least];
    private int start, end, tokenStart;
    private bool ended, hasBegun;
    private JsonReaderState state = new(new JsonReaderOptions { MaxDepth = 64 });
    private long consumed, line = 1;

    public JsonTokenType Token { get; private set; }

    /// <summary>Nesting of the token.</summary>
    public int Depth { get; private set; }

    /// <summary>Where the token begins.</summary>
    public string Location
    {
        get
        {
            long skipped = buffer.AsSpan(start, tokenStart - start).Count((byte)'\n');
            return string.Create(CultureInfo.InvariantCulture, $"{source}:{line + skipped}, byte {consumed + tokenStart - start}");
        }
    }

    /// <summary>Goes to the next token; false behind the last one.</summary>
    public bool Read()
    {
        Begin();
        while (true)
        {
            Utf8JsonReader reader = Open();
            if (Next(ref reader))
            {
                Show(in reader);
                Commit(in reader, keepToken: true);
                return true;
            }

            Commit(in reader, keepToken: false);
            if (ended) return false;
            Fill();
        }
    }

    /// <summary>Goes to the next token, which must be of this kind.</summary>
    public void Expect(JsonTokenType token, string what)
    {
        if (!Read() || Token != token) throw Wrong(what);
    }

    /// <summary>Stands on a string or a name: its text.</summary>
    public string GetString()
    {
        try
        {
            if (!Utf8.IsValid(Raw())) throw ReferenceErrors.Invalid(Location, "this is not UTF-8.");
            return Single().GetString()!;
        }
        catch (InvalidOperationException error)
        {
            throw ReferenceErrors.Invalid(
                Location, "the text holds half of a surrogate pair, which no encoding of Unicode can write.", inner: error);
        }
    }

    /// <summary>Stands on a number: as it is written.</summary>
    public string GetText() => System.Text.Encoding.UTF8.GetString(Raw());

    /// <summary>Stands on a number: a whole one.</summary>
    public long GetInteger(string what)
    {
        if (Token != JsonTokenType.Number || !Single().TryGetInt64(out long value)) throw Wrong(what);
        return value;
    }

    public bool GetBoolean(string what) => Token switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw Wrong(what),
    };

    /// <summary>Stands on a value, or a name: goes to the end of that value.</summary>
    public void Skip()
    {
        if (Token == JsonTokenType.PropertyName && !Read()) throw Wrong("a value");
        if (Token is not (JsonTokenType.StartArray or JsonTokenType.StartObject)) return;
        int depth = Depth;
        Each((ref Utf8JsonReader reader) => reader.CurrentDepth == depth);
    }

    /// <summary>Goes on to the end of the object or list whose start has this depth.</summary>
    public void SkipTo(int depth)
    {
        if (Depth != depth || Token is not (JsonTokenType.EndArray or JsonTokenType.EndObject))
            Each((ref Utf8JsonReader reader) => reader.CurrentDepth == depth);
    }

    /// <summary>Stands on the start of a list of numbers: appends them as float32, and stands on its end.</summary>
    public void ReadNumbers(FloatBuffer target)
    {
        Each((ref Utf8JsonReader reader) =>
        {
            if (reader.TokenType == JsonTokenType.EndArray) return true;
            if (reader.TokenType != JsonTokenType.Number)
            {
                Show(in reader);
                throw Wrong("a number");
            }

            float value = reader.GetSingle();
            if (!float.IsFinite(value))
            {
                Show(in reader);
                throw ReferenceErrors.Invalid(Location, "the number is beyond what float32 can hold.");
            }

            if (target.Count == Limits.LargestEmbedding / sizeof(float))
            {
                Show(in reader);
                throw ReferenceErrors.Invalid(
                    Location,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"one text has more numbers than {Limits.LargestEmbedding} bytes of float32 can hold "
                            + $"(the limit LargestEmbedding)."),
                    "Cut the text into several.");
            }

            target.Add(value);
            return false;
        });
    }

    /// <summary>Stands on the last token: nothing may follow.</summary>
    public void ReadEnd()
    {
        if (Read()) throw Wrong("the end of the file");
    }

    public ColbertException Wrong(string what) => ReferenceErrors.Invalid(
        Location, Token == JsonTokenType.None ? "the file is empty." : $"here should be {what}, and there is {NameOf(Token)}.",
        "Give a reference in one of the formats that the help lists.");

    public void Dispose() => stream.Dispose();

    private delegate bool Visit(ref Utf8JsonReader reader);

    /// <summary>Tokens until one of them is the last.</summary>
    private void Each(Visit isLast)
    {
        while (true)
        {
            Utf8JsonReader reader = Open();
            while (Next(ref reader))
            {
                if (!isLast(ref reader)) continue;
                Show(in reader);
                Commit(in reader, keepToken: true);
                return;
            }

            Commit(in reader, keepToken: false);
            Fill();
        }
    }

    private int pending;

    // A token stays readable until the next one: its bytes are given up with the next call.
    private Utf8JsonReader Open()
    {
        GiveUp();
        return new Utf8JsonReader(buffer.AsSpan(start, end - start), ended, state);
    }

    private bool Next(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.Read();
        }
        catch (JsonException error)
        {
            throw Broken(error, (int)reader.BytesConsumed);
        }
    }

    private void Show(in Utf8JsonReader reader)
    {
        Token = reader.TokenType;
        Depth = reader.CurrentDepth;
        tokenStart = start + (int)reader.TokenStartIndex;
    }

    private void Commit(in Utf8JsonReader reader, bool keepToken)
    {
        state = reader.CurrentState;
        pending = (int)reader.BytesConsumed;
        if (!keepToken) GiveUp();
    }

    private void GiveUp()
    {
        line += buffer.AsSpan(start, pending).Count((byte)'\n');
        consumed += pending;
        start += pending;
        pending = 0;
        tokenStart = start;
    }

    private ReadOnlySpan<byte> Raw() => buffer.AsSpan(tokenStart, start + pending - tokenStart);

    private Utf8JsonReader Single()
    {
        ReadOnlySpan<byte> raw = Raw();
        // A name's bytes go up to its colon.
        if (Token == JsonTokenType.PropertyName) raw = raw[..(raw.LastIndexOf((byte)'"') + 1)];
        var reader = new Utf8JsonReader(raw);
        reader.Read();
        return reader;
    }

    private void Begin()
    {
        if (hasBegun) return;
        hasBegun = true;
        while (end < 3 && !ended) Fill();
        int mark = ReferenceErrors.Do(() => InputBuffer.Begin(buffer.AsSpan(0, end), source));
        start += mark;
        consumed += mark;
        tokenStart = start;
    }

    private void Fill()
    {
        tokenStart = start;
        if (!InputBuffer.MakeRoom(ref buffer, ref start, ref end))
            throw ReferenceErrors.Invalid(
                Location, FormattableString.Invariant($"a text is longer than {Limits.LongestLine} bytes (the limit LongestLine)."));
        tokenStart = start;
        int read = ReferenceErrors.Do(() => InputErrors.Read(stream, buffer.AsSpan(end), source));
        end += read;
        ended = read == 0;
    }

    private ColbertException Broken(JsonException error, int at)
    {
        int from = Math.Min(start + at, end);
        while (from < end && (char.IsWhiteSpace((char)buffer[from]) || buffer[from] is (byte)',' or (byte)':')) from++;
        tokenStart = from;
        if (from >= end || error.Message.Contains("reached end of data", StringComparison.Ordinal))
            return ReferenceErrors.Invalid(
                Location, consumed + end - start == 0 ? "the file is empty." : "the file ends in the middle of a value.",
                ReferenceErrors.Again, error);
        return buffer[from] is (byte)'N' or (byte)'I' || buffer.AsSpan(from, end - from).StartsWith("-I"u8)
            ? ReferenceErrors.Invalid(
                Location, "this is not a finite number (NaN or Infinity).",
                "Find out why the encoder gave it, and make the reference again.", error)
            : ReferenceErrors.Invalid(Location, $"this is not JSON ({Reason(error)}).", ReferenceErrors.Again, error);
    }

    // The framework's sentence ends with a line and position of its own count.
    private static string Reason(JsonException error)
    {
        int at = error.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (at < 0 ? error.Message : error.Message[..at]).TrimEnd('.');
    }

    private static string NameOf(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject or JsonTokenType.EndObject => "an object",
        JsonTokenType.StartArray or JsonTokenType.EndArray => "a list",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "true or false",
        JsonTokenType.Null => "null",
        _ => "a name",
    };
}
