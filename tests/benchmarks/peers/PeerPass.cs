namespace ColbertOnnx.Benchmarks.Peers;

/// <summary>What one pass over the texts took.</summary>
/// <param name="Texts">How many there were; a peer may take them several times.</param>
/// <param name="CpuSeconds">Seconds of CPU time of the whole process, in this pass alone.</param>
/// <param name="Memory">The most that was resident, in MB of a million bytes.</param>
internal readonly record struct PeerPass(int Texts, double Seconds, double CpuSeconds, double Memory);
