using System.Text.Json;
using System.Text.Json.Nodes;
using ColbertOnnx.Tests;

namespace ColbertOnnx.Benchmarks;

/// <summary>
/// A checkpoint of a published model's shape in PyLate's layout, with random weights: speed and memory do not depend on the numbers.
/// </summary>
internal static class RandomCheckpoint
{
    /// <summary>Writes the folder; one that is there already is taken as it is.</summary>
    public static string Write(string folder, CheckpointShape shape)
    {
        string weights = Path.Combine(folder, "model.safetensors"), dense = Path.Combine(folder, "1_Dense");
        if (File.Exists(weights)) return folder;
        Directory.CreateDirectory(dense);
        Json(folder, "config.json", shape.Config());
        Json(folder, "modules.json", new object[]
        {
            new { idx = 0, name = "0", path = "", type = "sentence_transformers.models.Transformer" },
            new { idx = 1, name = "1", path = "1_Dense", type = "pylate.models.Dense.Dense" },
        });
        Json(folder, "sentence_bert_config.json", new { max_seq_length = 512, do_lower_case = false });
        Json(
            folder, "config_sentence_transformers.json",
            new
            {
                query_prefix = "",
                document_prefix = "",
                query_length = 32,
                document_length = 512,
                do_query_expansion = false,
                attend_to_expansion_tokens = false,
                skiplist_words = Array.Empty<string>(),
            });
        Json(
            folder, "tokenizer_config.json",
            new
            {
                tokenizer_class = "PreTrainedTokenizerFast",
                pad_token = "[PAD]",
                unk_token = "[UNK]",
                cls_token = "[CLS]",
                sep_token = "[SEP]",
                mask_token = "[MASK]",
            });
        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), Tokenizer(shape.Vocabulary));
        Json(
            dense, "config.json",
            new
            {
                in_features = shape.Width,
                out_features = shape.Dimension,
                bias = false,
                activation_function = "torch.nn.modules.linear.Identity",
            });
        RandomWeights.Write(Path.Combine(dense, "model.safetensors"), [("linear.weight", [shape.Dimension, shape.Width])]);
        RandomWeights.Write(weights, shape.Tensors());
        return folder;
    }

    // The embedded model's, cut to the vocabulary: frequent words come first in it.
    private static string Tokenizer(int vocabulary)
    {
        JsonNode json = JsonNode.Parse(File.ReadAllBytes(TestData.Path("tokenizers", "real-minilm-bert-uncased", "tokenizer.json")))!;
        JsonObject words = json["model"]!["vocab"]!.AsObject();
        foreach (string word in words.Where(word => (int)word.Value! >= vocabulary).Select(word => word.Key).ToArray()) words.Remove(word);
        return json.ToJsonString();
    }

    private static void Json(string folder, string name, object value) =>
        File.WriteAllText(Path.Combine(folder, name), JsonSerializer.Serialize(value));
}
