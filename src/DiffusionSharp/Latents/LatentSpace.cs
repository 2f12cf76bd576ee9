using System.Numerics.Tensors;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Latents;

/// <summary>The space that a model diffuses in, and how it relates to pixels.</summary>
/// <remarks>
/// An autoencoder's latent z is brought to about unit variance before diffusion (Rombach et al. 2022, arXiv:2112.10752, appendix G):
/// <c>x = (z - Shift)·Scale</c>, and back <c>z = x/Scale + Shift</c>; with <see cref="Statistics"/> each channel is so after its mean is taken off, and divided by its
/// deviation.
/// </remarks>
public record LatentSpace
{
    /// <summary>Channels of a latent. 4 for Stable Diffusion, 16 for newer models, 3 for RGB pixels.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int Channels
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 4;

    /// <summary>Pixels per latent along each side; picture sizes are multiples of it. 8 for Stable Diffusion, 1 for pixel space.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int DownsamplingFactor
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 8;

    /// <summary>What encoder output is multiplied with. 0.18215 for Stable Diffusion 1.x and 2.x.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a positive finite number.</exception>
    public float Scale
    {
        get;
        init
        {
            if (!float.IsFinite(value) || value <= 0)
            {
                throw new ArgumentOutOfRangeException(nameof(value), value, "The scale of a latent space is a positive number.");
            }

            field = value;
        }
    } = 1;

    /// <summary>What is subtracted from encoder output before scaling. 0 for most models.</summary>
    public float Shift { get; init; }

    /// <summary>Mean and deviation of each channel, where an autoencoder says them; null for most.</summary>
    public ChannelStatistics? Statistics { get; init; }

    /// <summary>What width and height of a request must be multiples of, in pixels. 1 for spaces that round them, or whose samples have no sides.</summary>
    public virtual int SizeMultiple => DownsamplingFactor;

    /// <summary>The size of the pictures that follows from a request, for spaces of models that enlarge a picture.</summary>
    /// <param name="request">The request as it was made.</param>
    /// <returns>Height and width in pixels, which the request may not contradict; null where they are for the request to say.</returns>
    public virtual (int Height, int Width)? SizeOf(GenerationRequest request) => null;

    /// <summary>The shape of the samples of a request. Spaces whose samples have no sides, or take them from elsewhere, override it.</summary>
    /// <param name="request">The request, with <see cref="GenerationRequest.Width"/> and <see cref="GenerationRequest.Height"/> filled in.</param>
    /// <param name="batch">How many pictures.</param>
    /// <returns>The shape.</returns>
    public virtual SampleShape ShapeOf(GenerationRequest request, int batch)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new SampleShape(batch, Channels, request.Height!.Value / DownsamplingFactor, request.Width!.Value / DownsamplingFactor);
    }

    /// <summary>Brings one latent of an autoencoder to what is diffused, in place: <c>x = (z - mean - Shift)·Scale/deviation</c>.</summary>
    /// <param name="latent">z, <c>[C, h, w]</c>.</param>
    /// <exception cref="InvalidOperationException">The <see cref="Statistics"/> are of another number of channels.</exception>
    public void Normalize(Span<float> latent)
    {
        for (int channel = 0; channel < NormalizedChannels; channel++)
        {
            Span<float> values = Channel(latent, channel);
            TensorPrimitives.Subtract(values, Statistics!.Means[channel], values);
        }

        TensorPrimitives.Subtract(latent, Shift, latent);
        TensorPrimitives.Multiply(latent, Scale, latent);
        for (int channel = 0; channel < NormalizedChannels; channel++)
        {
            Span<float> values = Channel(latent, channel);
            TensorPrimitives.Divide(values, Statistics!.Deviations[channel], values);
        }
    }

    /// <summary>Brings what was diffused to one latent of an autoencoder, in place: <c>z = x·deviation/Scale + Shift + mean</c>.</summary>
    /// <param name="latent">x, <c>[C, h, w]</c>.</param>
    /// <exception cref="InvalidOperationException">The <see cref="Statistics"/> are of another number of channels.</exception>
    public void Restore(Span<float> latent)
    {
        for (int channel = 0; channel < NormalizedChannels; channel++)
        {
            Span<float> values = Channel(latent, channel);
            TensorPrimitives.Multiply(values, Statistics!.Deviations[channel], values);
        }

        TensorPrimitives.Divide(latent, Scale, latent);
        TensorPrimitives.Add(latent, Shift, latent);
        for (int channel = 0; channel < NormalizedChannels; channel++)
        {
            Span<float> values = Channel(latent, channel);
            TensorPrimitives.Add(values, Statistics!.Means[channel], values);
        }
    }

    /// <summary>Checks that a tensor is a batch of images with so many channels.</summary>
    /// <param name="tensor">The tensor, <c>[B, C, H, W]</c>.</param>
    /// <param name="channels">C.</param>
    /// <param name="parameterName">What to name in the error.</param>
    /// <exception cref="ArgumentNullException"><paramref name="tensor"/> is null.</exception>
    /// <exception cref="ArgumentException">It has another rank or channel count, or is empty.</exception>
    public static void RequireChannels(Tensor<float> tensor, int channels, string parameterName)
    {
        ArgumentNullException.ThrowIfNull(tensor, parameterName);
        if (tensor.Rank != 4 || tensor.Lengths[1] != channels || tensor.IsEmpty)
        {
            throw new ArgumentException($"Expected a tensor of shape [batch, {channels}, height, width], found {tensor.ShapeText()}.", parameterName);
        }
    }

    /// <summary>Pixel space: the diffused sample is the picture, in [-1, 1].</summary>
    /// <param name="channels">3 for RGB, 1 for gray.</param>
    /// <returns>A space with factor 1, scale 1 and shift 0.</returns>
    public static LatentSpace Pixels(int channels = 3) => new() { Channels = channels, DownsamplingFactor = 1 };

    /// <summary>A space of vectors, as a prior over embeddings has it: samples are <c>[B, D, 1, 1]</c>, whatever size a request asks for.</summary>
    /// <param name="length">D, at least 1.</param>
    /// <returns>The space.</returns>
    public static LatentSpace Vectors(int length) => new VectorSpace { Channels = length };

    private int NormalizedChannels => Statistics is null ? 0 : Statistics.Means.Count == Channels
        ? Channels
        : throw new InvalidOperationException($"The {nameof(Statistics)} are of {Statistics.Means.Count} channels, but the latent space has {Channels}.");

    private Span<float> Channel(Span<float> latent, int channel) => latent.Slice(latent.Length / Channels * channel, latent.Length / Channels);
}
