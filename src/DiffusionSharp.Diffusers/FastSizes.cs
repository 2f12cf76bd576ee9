namespace DiffusionSharp.Diffusers;

/// <summary>
/// Networks are written for the sizes of the pictures that are drawn, with 3x3 convolutions as Winograd's products (arXiv:1509.09308), which takes the processor about
/// three quarters of the time. Results differ in the sixth digit.
/// </summary>
public sealed record FastSizes
{
    private readonly int _kept = 2;

    /// <summary>
    /// The folder where transformed weights are kept, which are made when a model is first loaded: 3 GB for the UNet of Stable Diffusion 1.5, and 0.8 GB for
    /// its decoder. Null, the default, for a folder beside the weights.
    /// </summary>
    public string? CacheFolder { get; init; }

    /// <summary>
    /// For how many sizes of pictures, and numbers of them in one call, each network is kept in memory; 2 by default. Another one takes the place of what was used
    /// longest ago, which takes as long as loading the network.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int Kept
    {
        get => _kept;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _kept = value;
        }
    }
}
