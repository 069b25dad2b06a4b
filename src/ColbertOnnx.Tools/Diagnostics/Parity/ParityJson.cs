using System.Globalization;
using System.Text.Json;

namespace ColbertOnnx.Diagnostics.Parity;

/// <summary>Results as lines of JSON. What is there once stays, with its meaning.</summary>
internal static class ParityJson
{
    public static string Write(ColbertParity parity) => JsonArrays.Line(json =>
    {
        json.WriteBoolean("passed", parity.Passed);
        json.WriteText("model", parity.Model);
        json.WriteBoolean("quantized", parity.IsQuantized);
        json.WriteText("reference", parity.Reference);
        json.WriteText("madeBy", parity.MadeBy);
        json.WriteNumber("texts", parity.Texts);
        json.WriteNumber("queries", parity.Queries);
        json.WriteNumber("missed", parity.Missed);
        json.WriteNumber("otherRows", parity.OtherRows);
        json.WriteNumber("rows", parity.Rows);
        json.WriteNumber("meanCosine", parity.MeanCosine);
        json.WriteNumber("smallestCosine", parity.SmallestCosine);
        json.WriteNumber("largestDifference", Finite(parity.LargestDifference));
        WritePercentiles(json, "cosine", parity.Cosine);
        WritePercentiles(json, "difference", parity.Difference);
        WriteRanking(json, parity.Ranking);
        json.WriteStartObject("causes");
        foreach ((ColbertParityCause cause, long count) in parity.Causes) json.WriteNumber(NameOf(cause), count);
        json.WriteEndObject();
        json.WriteStartArray("settingsThatDiffer");
        foreach (string sentence in parity.SettingsThatDiffer) json.WriteText(sentence);
        json.WriteEndArray();
        json.WriteStartArray("worst");
        foreach (ColbertTextParity text in parity.Worst)
        {
            json.WriteStartObject();
            WriteText(json, text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("thresholds");
        json.WriteNumber("minimumCosine", parity.Thresholds.MinimumCosine!.Value);
        json.WriteNumber("minimumMeanCosine", parity.Thresholds.MinimumMeanCosine!.Value);
        json.WriteNumber("tolerance", parity.Thresholds.Tolerance!.Value);
        json.WriteEndObject();
        json.WriteText("measured", parity.Measured.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
    });

    public static string Write(ColbertTextParity text) => JsonArrays.Line(json => WriteText(json, text));

    private static void WriteText(Utf8JsonWriter json, ColbertTextParity text)
    {
        json.WriteNumber("number", text.Number);
        json.WriteText("location", text.Location);
        json.WriteText("id", text.Id);
        json.WriteText("text", text.Text);
        json.WriteString("kind", TextKinds.NameOf(text.Kind));
        json.WriteBoolean("passed", text.Passed);
        json.WriteNumber("tokens", text.TokenCount);
        json.WriteNumber("referenceTokens", text.ReferenceTokenCount);
        json.WriteNumber("meanCosine", text.MeanCosine);
        json.WriteNumber("smallestCosine", text.SmallestCosine);
        json.WriteNumber("largestDifference", Finite(text.LargestDifference));
        json.WriteNumber("worstRow", text.WorstRow);
        json.WriteText("worstToken", text.WorstToken);
        json.WriteText("worstText", text.WorstText);
        json.WriteStartArray("causes");
        foreach (ColbertParityCause cause in text.Causes) json.WriteStringValue(NameOf(cause));
        json.WriteEndArray();
        json.WriteText("explanation", text.Explanation);
    }

    private static void WritePercentiles(Utf8JsonWriter json, string name, ColbertParityPercentiles percentiles)
    {
        json.WriteStartObject(name);
        json.WriteNumber("p50", percentiles.P50);
        json.WriteNumber("p90", percentiles.P90);
        json.WriteNumber("p99", percentiles.P99);
        json.WriteNumber("p999", percentiles.P999);
        json.WriteEndObject();
    }

    private static void WriteRanking(Utf8JsonWriter json, ColbertParityRanking? ranking)
    {
        if (ranking is null)
        {
            json.WriteNull("ranking");
            return;
        }

        json.WriteStartObject("ranking");
        json.WriteNumber("queries", ranking.Queries);
        json.WriteNumber("documents", ranking.Documents);
        json.WriteNumber("meanDrift", ranking.MeanDrift);
        json.WriteNumber("largestDrift", ranking.LargestDrift);
        json.WriteNumber("meanScore", ranking.MeanScore);
        json.WriteNumber("kendallTau", ranking.KendallTau);
        json.WriteNumber("sameBest", ranking.SameBest);
        json.WriteNumber("top", ranking.Top);
        json.WriteNumber("overlap", ranking.Overlap);
        json.WriteEndObject();
    }

    // JSON holds no infinity.
    private static double Finite(double value) => double.IsFinite(value) ? value : double.MaxValue;

    private static string NameOf(ColbertParityCause cause) => JsonNamingPolicy.CamelCase.ConvertName(cause.ToString());
}
