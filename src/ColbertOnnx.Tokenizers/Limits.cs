namespace ColbertOnnx;

/// <summary>What a file or a server may ask for, at most. docs/security.md lists each; the error that one gives names it.</summary>
internal static class Limits
{
    /// <summary>Files of a model on the hub.</summary>
    public const int HubFiles = 100_000;

    /// <summary>Pages of their list.</summary>
    public const int HubPages = 1000;

    /// <summary>Bytes of one answer of the hub's API, and of all pages of a list.</summary>
    public const int HubListBytes = 64 * 1024 * 1024;

    /// <summary>Bytes of a small file of the hub's cache: the token, or the commit of a branch.</summary>
    public const int HubNote = 64 * 1024;

    /// <summary>Threads inside one operator, for each CPU that the process may use.</summary>
    public const int ThreadsPerCpu = 4;

    /// <summary>Bytes of a tokenizer.json. The largest of published models have 35 MB.</summary>
    public const long TokenizerFile = 512L << 20;

    /// <summary>
    /// Values of a tokenizer.json beside vocabulary, merges and added tokens, and characters of its expressions. Published ones have some
    /// thousands at most.
    /// </summary>
    public const int TokenizerValues = 100_000;

    /// <summary>Added tokens of a tokenizer. Models of speech have 70,000.</summary>
    public const int AddedTokens = 250_000;

    /// <summary>Characters of one added token, as it stands or as the normalizer makes it.</summary>
    public const int AddedTokenLength = 10_000;

    /// <summary>Characters of all added tokens.</summary>
    public const int AddedTokenCharacters = 4_000_000;

    /// <summary>The largest id in a vocabulary: a table has a place for each up to it. Published ones end below 1,000,000.</summary>
    public const int LargestTokenId = 1 << 24;

    /// <summary>Characters of a piece of WordPiece and Unigram: a text may cost as many steps for each of its characters.</summary>
    public const int PieceLength = 1_000;

    /// <summary>Characters of what stands before or behind the pieces of a word.</summary>
    public const int AffixLength = 16;

    /// <summary>Characters of what Replace and Split look for, a string or an expression.</summary>
    public const int PatternLength = 10_000;

    /// <summary>Groups and classes within each other in an expression, and quantifiers on what has one.</summary>
    public const int ExpressionDepth = 100;

    /// <summary>Instructions of an expression, its repetitions written out.</summary>
    public const int ExpressionSize = 20_000;

    /// <summary>Bytes that an expression may take in one text, for ways still to be tried and to remember those that failed.</summary>
    public const long ExpressionMemory = 1L << 30;

    /// <summary>Characters of what Replace and Prepend put in.</summary>
    public const int ReplacementLength = 10_000;

    /// <summary>Tokens that a post-processor puts around a text.</summary>
    public const int TemplateTokens = 1_000;

    /// <summary>What one character of a text may become in the tokenizer, beside <see cref="TextGrowthBase"/> for the whole.</summary>
    public const int TextGrowth = 1_000;

    public const int TextGrowthBase = 1 << 20;

    /// <summary>Bytes of a line, of a quoted field, of a record of JSON, and of a file that is one text.</summary>
    public const int LongestLine = 256 << 20;

    /// <summary>Parts of an input.</summary>
    public const int MostShards = 1_000_000;

    /// <summary>Fields in a row of CSV or TSV.</summary>
    public const int MostColumns = 100_000;

    /// <summary>Lines that are not JSON at the beginning of JSON Lines: the file is something else then.</summary>
    public const int MostBrokenLines = 10;

    /// <summary>Bytes that the rows of one text take as float32.</summary>
    public const long LargestEmbedding = 1L << 30;

    /// <summary>Bytes, as float32, of an array that must be held as a whole because it lies in Fortran order.</summary>
    public const long LargestFortranArray = 4L << 30;

    /// <summary>
    /// How many times its compressed bytes one text of an npz or one page of Parquet may take, beyond <see cref="FreeExpansion"/>.
    /// </summary>
    public const int MostExpansion = 100;

    /// <summary>Bytes that one text of an npz or one page of Parquet may take however few its compressed bytes are.</summary>
    public const long FreeExpansion = 64L << 20;

    /// <summary>Texts of an array that has no numbers at all: their count is a promise without a byte behind it.</summary>
    public const long MostEmptyTexts = 1_000_000;

    /// <summary>Bytes of the header of an npy file.</summary>
    public const int LargestNpyHeader = 1 << 20;

    /// <summary>Bytes of the header of a safetensors file; the format has the same limit.</summary>
    public const int LargestSafetensorsHeader = 100_000_000;

    /// <summary>Bytes that a page of a Parquet file expands to.</summary>
    public const int LargestParquetPage = 1 << 30;

    /// <summary>Bytes of the footer of a Parquet file, where its row groups and columns stand.</summary>
    public const int LargestParquetFooter = 256 << 20;

    /// <summary>Bytes of one id or text in an array of NumPy's strings.</summary>
    public const int LongestArrayString = 1 << 20;

    /// <summary>Bytes of a JSON file of a model or checkpoint.</summary>
    public const int LargestJsonFile = 512 << 20;

    /// <summary>Bytes of stored measurements that new ones are compared with.</summary>
    public const int LargestBaseline = 64 << 20;

    /// <summary>Bytes of a manifest of a run. One with 100,000 input files has about 20 MB.</summary>
    public const int LargestManifest = 64 << 20;

    /// <summary>Layers of a checkpoint's encoder: the graph gets each, those that share their weights too.</summary>
    public const int MostLayers = 4096;

    /// <summary>Positions of a checkpoint for which lists or tables are made.</summary>
    public const int MostPositions = 1 << 20;

    /// <summary>Elements of a token vector.</summary>
    public const int LargestDimension = 65_536;

    /// <summary>Bytes of a table of positions. Heads of 128 elements have one as large for <see cref="MostPositions"/>.</summary>
    public const int LargestPositionTable = 256 << 20;

    /// <summary>Tokens that a convolution takes in at once: the graph gets operators for each. Published models have 3.</summary>
    public const int LargestKernel = 128;

    /// <summary>Graphs within graphs, as the branches of an If are: ONNX Runtime copies the inner ones at each level.</summary>
    public const int DeepestBranches = 8;

    /// <summary>Functions of a graph that use each other.</summary>
    public const int DeepestFunctions = 64;

    /// <summary>Operators of a graph that has functions, these written out. Encoders of 24 layers have some thousands.</summary>
    public const int MostInlinedNodes = 30_000;
}
