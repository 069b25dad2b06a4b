using ColbertOnnx.Export;
using ColbertOnnx.Modeling;

namespace ColbertOnnx.Tests.Export;

public sealed class CheckpointSettingsTests
{
    private const string Transformer = """{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"}""";
    private const string MultiVector = """{"model_type": "MultiVectorEncoder", "prompts": {"query": "[Q] ", "document": "[D] "}}""";

    private static TemporaryFolder Checkpoint(string modules, string settings = "{}") =>
        new TemporaryFolder().With("modules.json", $"[{Transformer}{modules}]").With("config_sentence_transformers.json", settings)
            .With("config.json", """{"max_position_embeddings": 300}""")
            .With(
                "1_Dense/config.json",
                """{"in_features": 8, "out_features": 4, "bias": false, "activation_function": "torch.nn.modules.linear.Identity"}""");

    private static string Module(string type, string path = "1_Dense") =>
        $$""", {"idx": 1, "name": "1", "path": "{{path}}", "type": "{{type}}"}""";

    private static ColbertException Fails(TemporaryFolder folder, ColbertErrorId id)
    {
        var error = Assert.Throws<ColbertException>(() => CheckpointSettings.Read(folder.Path));
        Assert.Equal(id, error.Id);
        Assert.False(string.IsNullOrWhiteSpace(error.Action));
        return error;
    }

    [Fact]
    public void Every_checkpoint_has_the_layout_that_its_files_say()
    {
        foreach (string name in ReferenceCase.AllNames)
        {
            CheckpointSettings checkpoint = CheckpointSettings.Read(CheckpointFolder.Of(name));
            CheckpointLayout expected = name.StartsWith("st6-", StringComparison.Ordinal) ? CheckpointLayout.MultiVectorEncoder
                : name.StartsWith("bert-stanford", StringComparison.Ordinal) ? CheckpointLayout.Stanford : CheckpointLayout.PyLate;
            Assert.Equal(expected, checkpoint.Layout);
            Assert.Equal(checkpoint.Folder, checkpoint.BackboneFolder);
        }
    }

    [Fact]
    public void Dense_modules_are_those_of_the_reference_in_its_order()
    {
        foreach (string name in ReferenceCase.PylateNames)
        {
            using ReferenceCase reference = ReferenceCase.Load(name);
            CheckpointSettings checkpoint = CheckpointSettings.Read(reference.Checkpoint);
            if (checkpoint.Layout == CheckpointLayout.Stanford)
            {
                Assert.Equal([new DenseModule(checkpoint.Folder, "", DenseModule.Identity)], checkpoint.Dense);
                continue;
            }

            if (!reference.Root.TryGetProperty("settings", out var settings) || settings.ValueKind != System.Text.Json.JsonValueKind.Object)
                continue;
            Assert.Equal(
                settings.GetProperty("dense").EnumerateArray()
                    .Select(d => (
                        d.GetProperty("in_features").GetInt32(), d.GetProperty("out_features").GetInt32(),
                        d.GetProperty("bias").GetBoolean(), d.GetProperty("activation_function").GetString()!,
                        d.GetProperty("use_residual").GetBoolean())),
                checkpoint.Dense.Select(d => (d.InFeatures!.Value, d.OutFeatures!.Value, d.Bias, d.Activation, d.UseResidual)));
            Assert.All(checkpoint.Dense, d => Assert.Equal(Path.Combine(checkpoint.Folder, d.Name), d.Folder));
        }
    }

    [Fact]
    public void Stanford_metadata_are_the_settings_and_their_absence_is_a_warning()
    {
        ColbertSettings settings = CheckpointSettings.Read(CheckpointFolder.Of("bert-stanford-attend")).Settings;
        Assert.Equal(new Setting<string>("[unused2]", "artifact.metadata"), settings.QueryPrefix);
        Assert.Equal(new Setting<string>("[unused1]", "default"), settings.DocumentPrefix);
        Assert.Equal(new Setting<int>(180, "default"), settings.DocumentLength);
        Assert.Equal(new Setting<QueryExpansion>(QueryExpansion.Attend, "artifact.metadata"), settings.QueryExpansion);
        Assert.Contains(
            "artifact.metadata", Assert.Single(CheckpointSettings.Read(CheckpointFolder.Of("bert-stanford-bare")).Warnings),
            StringComparison.Ordinal);
        using TemporaryFolder folder = new TemporaryFolder().With("config.json", """{"architectures": ["HF_ColBERT"]}""")
            .With("artifact.metadata", """{"doc_maxlen": "x"}""");
        Assert.StartsWith(
            "doc_maxlen of artifact.metadata", Fails(folder, ColbertErrorId.ConfigurationInvalid).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_projection_there_is_no_ColBERT_model()
    {
        using var bare = new TemporaryFolder();
        Fails(bare, ColbertErrorId.ModelIncomplete);
        Assert.Contains(
            "HF_ColBERT", Fails(bare.With("config.json", """{"architectures": ["BertModel"]}"""), ColbertErrorId.ModelIncomplete).Message,
            StringComparison.Ordinal);
        using TemporaryFolder pooled = Checkpoint(Module("sentence_transformers.models.Pooling", "1_Pooling"));
        Assert.Contains("Dense", Fails(pooled, ColbertErrorId.ModelIncomplete).Message, StringComparison.Ordinal);
        Assert.Equal(
            ColbertErrorId.ModelNotFound,
            Assert.Throws<ColbertException>(() => CheckpointSettings.Read(Path.Combine(bare.Path, "nothing"))).Id);
    }

    [Theory]
    [InlineData("sentence_transformers.models.LayerNorm", "{}", "sentence_transformers.models.LayerNorm")]
    [InlineData("sentence_transformers.multi_vector_encoder.modules.multi_vector_mask.MultiVectorMask", "{}", "MultiVectorMask")]
    [InlineData("sentence_transformers.models.Pooling", MultiVector, "sentence_transformers.models.Pooling")]
    public void An_unknown_module_is_named(string type, string settings, string named)
    {
        using TemporaryFolder folder = Checkpoint(Module("pylate.models.Dense.Dense") + Module(type), settings);
        ColbertException error = Fails(folder, ColbertErrorId.ConfigurationInvalid);
        Assert.Contains("modules.json", error.Message, StringComparison.Ordinal);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "config_args", "is_causal", "false")]
    [InlineData("{}", "tokenizer_args", "padding_side", "\"left\"")]
    [InlineData(MultiVector, "config_kwargs", "rope_theta", "500.0")]
    [InlineData(MultiVector, "processor_kwargs", "do_lower_case", "true")]
    public void What_the_transformer_s_file_changes_in_other_files_is_refused_by_name_and_value(
        string settings, string part, string field, string value)
    {
        using TemporaryFolder folder = Checkpoint(Module("pylate.models.Dense.Dense"), settings)
            .With(
                "sentence_bert_config.json",
                $$$"""{"{{{part}}}": {"trust_remote_code": true, "attn_implementation": "sdpa", "model_max_length": 64}}""");
        CheckpointSettings.Read(folder.Path);
        folder.With("sentence_bert_config.json", $$$"""{"{{{part}}}": {"trust_remote_code": true, "{{{field}}}": {{{value}}} }}""");
        Assert.Contains(
            $"{part}.{field} = {value}", Fails(folder, ColbertErrorId.ArchitectureUnsupported).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("/etc")]
    public void A_module_stays_inside_the_checkpoint(string path)
    {
        using TemporaryFolder folder = Checkpoint(Module("pylate.models.Dense.Dense", path));
        Assert.Contains(
            $"is '{path}', which leads out of the checkpoint", Fails(folder, ColbertErrorId.ConfigurationInvalid).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_backbone_may_have_a_folder_of_its_own()
    {
        using TemporaryFolder folder = Checkpoint("").With(
            "modules.json",
            """[{"path": "0_Transformer", "type": "sentence_transformers.models.Transformer"}, {"path": "1_Dense", "type": "sentence_transformers.models.Dense"}]""")
            .With("0_Transformer/sentence_roberta_config.json", """{"do_lower_case": true}""")
            .With("0_Transformer/tokenizer_config.json", """{"truncation_side": "left"}""")
            .With("1_Dense/config.json", """{"in_features": 8, "out_features": 4}""");
        CheckpointSettings checkpoint = CheckpointSettings.Read(folder.Path);
        Assert.Equal(folder.File("0_Transformer"), checkpoint.BackboneFolder);
        Assert.Equal(new Setting<bool>(true, "sentence_roberta_config.json"), checkpoint.Settings.LowerCase);
        Assert.Equal(new Setting<TokenSide?>(TokenSide.Left, "tokenizer_config.json"), checkpoint.Settings.TruncationSide);
        Assert.Equal("torch.nn.modules.activation.Tanh", Assert.Single(checkpoint.Dense).Activation);
        Assert.True(checkpoint.Dense[0].Bias);
    }
}
