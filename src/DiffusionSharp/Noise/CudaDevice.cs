namespace DiffusionSharp.Noise;

/// <summary>What of a GPU decides how PyTorch spreads a large draw over threads.</summary>
/// <param name="Multiprocessors">Number of streaming multiprocessors (<c>torch.cuda.get_device_properties().multi_processor_count</c>).</param>
/// <param name="ThreadsPerMultiprocessor">Resident threads of each (<c>max_threads_per_multi_processor</c>): 2048, 1536 or 1024.</param>
/// <exception cref="ArgumentOutOfRangeException">Less than 1 multiprocessor or less than 256 threads.</exception>
public sealed record CudaDevice(int Multiprocessors, int ThreadsPerMultiprocessor)
{
    /// <summary>Threads of a block in PyTorch's kernels for random numbers.</summary>
    internal const int BlockSize = 256;

    /// <summary>NVIDIA A100: 108 multiprocessors of 2048 threads.</summary>
    public static CudaDevice A100 { get; } = new(108, 2048);

    /// <summary>NVIDIA H100 SXM: 132 multiprocessors of 2048 threads.</summary>
    public static CudaDevice H100 { get; } = new(132, 2048);

    /// <summary>NVIDIA V100: 80 multiprocessors of 2048 threads.</summary>
    public static CudaDevice V100 { get; } = new(80, 2048);

    /// <summary>NVIDIA T4: 40 multiprocessors of 1024 threads.</summary>
    public static CudaDevice T4 { get; } = new(40, 1024);

    /// <summary>NVIDIA GeForce RTX 3090: 82 multiprocessors of 1536 threads.</summary>
    public static CudaDevice Rtx3090 { get; } = new(82, 1536);

    /// <summary>NVIDIA GeForce RTX 4090: 128 multiprocessors of 1536 threads.</summary>
    public static CudaDevice Rtx4090 { get; } = new(128, 1536);

    /// <summary>Number of streaming multiprocessors; at least 1.</summary>
    public int Multiprocessors { get; } = Positive(Multiprocessors, nameof(Multiprocessors), 1);

    /// <summary>Resident threads of each; at least 256.</summary>
    public int ThreadsPerMultiprocessor { get; } = Positive(ThreadsPerMultiprocessor, nameof(ThreadsPerMultiprocessor), BlockSize);

    /// <summary>Threads that a draw is spread over at most.</summary>
    public int Threads => Multiprocessors * (ThreadsPerMultiprocessor / BlockSize) * BlockSize;

    private static int Positive(int value, string name, int minimum) =>
        value >= minimum ? value : throw new ArgumentOutOfRangeException(name, value, $"Must be at least {minimum}.");
}
