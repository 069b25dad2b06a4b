namespace ColbertOnnx.Pipeline;

internal enum LaneJobKind
{
    Tokenize,
    Plan,
    Run,
}
