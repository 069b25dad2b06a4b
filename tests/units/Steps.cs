namespace ColbertOnnx.Tests;

/// <summary>Is told each step of long work, at once and on the thread that does it.</summary>
internal sealed class Steps(Action<string> report) : IProgress<ColbertProgress>
{
    public void Report(ColbertProgress value) => report(value.Activity);
}
