using ColbertOnnx.Benchmarks;
using ColbertOnnx.Benchmarks.Peers;

// Each comparison checks its output before it times it, and prints the spread.
switch (args)
{
    case ["tokenizer", .. string[] kinds]:
        return TokenizerComparison.Run(kinds);
    case ["graphs", .. string[] options]:
        return GraphComparison.Run(options);
    case ["peers", .. string[] options]:
        return PeerComparison.Run(options);
    case [PeerProcess.Verb, .. string[] what]:
        return PeerProcess.Run(what);
    case ["tokenizer-memory", ..]:
        BenchmarkDotNet.Running.BenchmarkRunner.Run<TokenizerMemory>();
        return 0;
    default:
        Console.Error.WriteLine("usage: dotnet run -c Release --project tests/benchmarks -- tokenizer [KIND...] | tokenizer-memory | graphs --upstream FOLDER... | peers");
        return 2;
}
