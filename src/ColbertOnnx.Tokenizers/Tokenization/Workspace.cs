using ColbertOnnx.Text;

namespace ColbertOnnx.Tokenization;

/// <summary>
/// Everything that encoding a text writes to. One for each thread, whatever tokenizer it uses, grown to the texts that it
/// has seen; a giant is not kept.
/// </summary>
internal sealed class Workspace
{
    private const int LargestKept = 1 << 20;

    [ThreadStatic]
    private static Workspace? idle;

    private char[] chars = new char[256];
    private WordCache? words;

    public Workspace()
    {
        Normalized = new NormalizedText(Guard);
        PreTokenized = new PreTokenizedText(Guard);
    }

    public TextGuard Guard { get; } = new();

    public NormalizedText Normalized { get; }

    public PreTokenizedText PreTokenized { get; }

    public TokenList Tokens { get; } = new();

    /// <summary>Where the added tokens of a text are.</summary>
    public List<Piece> Matches { get; } = [];

    public List<Piece> NormalizedMatches { get; } = [];

    public int[] Input { get; private set; } = new int[256];

    public Models.BpeWord Word { get; } = new();

    public WordCache Words => words ??= new WordCache();

    public UnigramLattice.Scratch Lattice { get; } = new();

    /// <summary>This thread's workspace, or a new one while that is in use.</summary>
    public static Workspace Rent()
    {
        Workspace workspace = idle ?? new Workspace();
        idle = null;
        return workspace;
    }

    public static void Return(Workspace workspace, int textLength)
    {
        if (textLength <= LargestKept) idle = workspace;
    }

    public Span<char> CharsOf(int count)
    {
        if (chars.Length < count) chars = new char[count * 2];
        return chars.AsSpan(0, count);
    }

    public Span<int> InputOf(int count)
    {
        if (Input.Length < count) Input = new int[count * 2];
        return Input.AsSpan(0, count);
    }
}
