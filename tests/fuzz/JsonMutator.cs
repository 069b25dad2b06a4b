using System.Text;
using System.Text.Json.Nodes;

namespace ColbertOnnx.Fuzz;

/// <summary>Spoils values of a JSON text and leaves it JSON, mostly; every fourth time its bytes.</summary>
internal static class JsonMutator
{
    /// <summary>Stands in a text for what a writer of JSON would not write.</summary>
    private const string Raw = "raw-value-";

    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "-1", "1", "2147483648", "9223372036854775808", "1e400", "-0.5", "1e-400", "NaN", "Infinity", "\"\"",
        "\"a\"", "\" \"", "\"\\u0000\"",
        "\"\\ud800\"", "\"\\u001b[2J\"", "\"\\u202e\"", "\"../../x\"", "\"/dev/zero\"", "[]", "[[]]", "[null]", "{}", "{\"a\":{}}",
        "{\"type\":\"Sequence\"}", "\"(?<=a*)b\"",
        "\"" + new string('x', 5000) + "\"", "[" + string.Join(',', Enumerable.Repeat("1", 500)) + "]",
        string.Concat(Enumerable.Repeat("[", 200)) + string.Concat(Enumerable.Repeat("]", 200)),
    ];

    public static byte[] Mutate(Random random, byte[] json)
    {
        if (random.Next(4) == 0) return ByteMutator.Mutate(random, json);
        JsonNode root = JsonNode.Parse(json)!;
        for (int i = ByteMutator.Times(random); i > 0; i--) Step(random, root);
        string text = root.ToJsonString();
        for (int i = 0; i < Values.Length; i++) text = text.Replace($"\"{Raw}{i}\"", Values[i], StringComparison.Ordinal);
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return random.Next(20) == 0 ? [0xEF, 0xBB, 0xBF, .. bytes] : bytes;
    }

    /// <summary>The same for a file of JSON Lines: one line is spoiled.</summary>
    public static byte[] MutateLine(Random random, byte[] lines)
    {
        if (random.Next(4) == 0) return ByteMutator.Mutate(random, lines);
        string[] all = Encoding.UTF8.GetString(lines).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        int line = random.Next(all.Length);
        return
        [
            .. all.SelectMany((text, i) =>
                (byte[])[.. i == line ? Mutate(random, Encoding.UTF8.GetBytes(text)) : Encoding.UTF8.GetBytes(text), (byte)'\n']),
        ];
    }

    private static void Step(Random random, JsonNode root)
    {
        List<JsonNode> places = [root];
        for (int i = 0; i < places.Count && i < 3000; i++)
            places.AddRange(Children(places[i]).OfType<JsonNode>().Where(child => child is JsonArray or JsonObject));
        JsonNode place = places[random.Next(Math.Min(places.Count, random.Next(2) == 0 ? 30 : places.Count))];
        JsonNode value = JsonValue.Create($"{Raw}{random.Next(Values.Length)}");
        if (place is JsonObject map && map.Count > 0)
        {
            string key = map.ElementAt(random.Next(map.Count)).Key;
            JsonNode? other = map.ElementAt(random.Next(map.Count)).Value?.DeepClone();
            switch (random.Next(5))
            {
                case 0: map.Remove(key); break;
                case 1: map[key] = other; break;
                case 2: map[$"{key}x"] = value; break;
                default: map[key] = value; break;
            }
        }
        else if (place is JsonArray list && list.Count > 0)
        {
            int index = random.Next(list.Count);
            switch (random.Next(4))
            {
                case 0: list.RemoveAt(index); break;
                case 1: list.Insert(index, list[random.Next(list.Count)]?.DeepClone()); break;
                default: list[index] = value; break;
            }
        }
    }

    private static IEnumerable<JsonNode?> Children(JsonNode node) => node switch
    {
        JsonObject map => map.Select(pair => pair.Value),
        JsonArray list => list,
        _ => [],
    };
}
