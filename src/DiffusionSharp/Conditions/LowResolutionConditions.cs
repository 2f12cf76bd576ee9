using System.Numerics.Tensors;
using DiffusionSharp.Latents;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Conditions;

/// <summary>
/// Shows a network for super-resolution the small picture of a request (<see cref="LowResolution"/>) behind the sample's channels, enlarged to the
/// sample's size, and where it was trained so noised, with the level as its class (Ho et al. 2021, arXiv:2106.15282, section 4).
/// </summary>
/// <param name="resampling">How the small picture is brought to the sample's size; null where it has that size.</param>
public sealed class LowResolutionConditions(Resampling? resampling = null) : IConditionEncoder
{
    private const int ColorChannels = 3;

    /// <summary>How small pictures are noised; null where they are not.</summary>
    public NoiseAugmentation? Augmentation { get; init; }

    /// <summary>Whether the network is shown the latents of the small picture and not its pixels. Needs a latent encoder, unless all requests bring latents.</summary>
    public bool ShowsLatents { get; init; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Provides { get; } = [ConditionNames.Concatenated];

    /// <summary>
    /// Whether noise is drawn before the initial noise, and then for the small pictures as they are given: once, with the source of the first picture,
    /// where one is for all of them. If not, it is drawn for each picture of the request, after the initial noise.
    /// </summary>
    public bool DrawsBeforeInitialNoise { get; init; }

    /// <inheritdoc/>
    public void Check(GenerationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Part<LowResolution>() is not { } given)
        {
            if (request.Conditioning[ConditionNames.Concatenated] is null)
            {
                throw new ArgumentException($"The network enlarges a picture, and the request has none: add a {nameof(LowResolution)} to {nameof(request.Parts)}.", nameof(request));
            }

            return;
        }

        RequirePicture(given, request.Count);
        int? level = given.NoiseLevel;
        if (level is not null && Augmentation is null)
        {
            throw new ArgumentException($"The network takes the small picture as it is: leave {nameof(LowResolution.NoiseLevel)} out.", nameof(request));
        }

        if (level < 0 || level > Augmentation?.Largest)
        {
            throw new ArgumentOutOfRangeException(nameof(request), level, $"{nameof(LowResolution.NoiseLevel)}: the network knows noise levels from 0 to {Augmentation!.Largest}.");
        }
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Latents are to be shown, and neither the request has them nor the pipeline an encoder.</exception>
    public void Encode(ConditionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Request.Part<LowResolution>() is not { } given)
        {
            return;
        }

        Tensor<float> small = ShowsLatents && !given.IsLatent ? Latents(given.Picture, context) : given.Picture;
        Tensor<float> shown = resampling is { } how ? small.Resize(context.Shape.Height, context.Shape.Width, how) : small;
        if (Augmentation is { } augmentation)
        {
            int level = given.NoiseLevel ?? augmentation.Usual;
            shown = Noised(shown, augmentation.Schedule, level, context);
            context.AddToAll(new ConditionPart(ConditionNames.ClassLabels, Tensor.Create([(float)level], [1])));
        }

        context.AddToAll(new ConditionPart(ConditionNames.Concatenated, shown) { SpatialScale = 1 });
    }

    private void RequirePicture(LowResolution given, int count)
    {
        Tensor<float> picture = given.Picture;
        if (given.IsLatent && !ShowsLatents)
        {
            throw new ArgumentException("The network enlarges pictures, not latents.", nameof(LowResolution.IsLatent));
        }

        if (picture.Rank != 4 || picture.IsEmpty || (!given.IsLatent && picture.Lengths[1] != ColorChannels))
        {
            throw new ArgumentException($"The small picture has the shape {picture.ShapeText()}, but it must be [1, {(given.IsLatent ? "channels" : ColorChannels)}, height, width].", nameof(LowResolution.Picture));
        }

        if (picture.Lengths[0] != 1 && picture.Lengths[0] != count)
        {
            throw new ArgumentException($"The small picture has the shape {picture.ShapeText()}, but the request is for {count} pictures: its first dimension must be 1{(count == 1 ? "" : $" or {count}")}.", nameof(LowResolution.Picture));
        }

        if (!TensorPrimitives.IsFiniteAll(picture.Values()))
        {
            throw new ArgumentException("The small picture has values that are not finite numbers.", nameof(LowResolution.Picture));
        }
    }

    private static Tensor<float> Latents(Tensor<float> pictures, ConditionContext context)
    {
        ILatentEncoder encoder = context.LatentEncoder ?? throw InitialLatents.Missing();
        var latents = new Tensor<float>[(int)pictures.Lengths[0]];
        for (int i = 0; i < latents.Length; i++)
        {
            latents[i] = Finite.Require(encoder.Encode(pictures.Rows(i, 1), context.Noise.Pictures[i], context.CancellationToken), Finite.LatentEncoder);
        }

        return TensorExtensions.StackRows(latents);
    }

    private Tensor<float> Noised(Tensor<float> pictures, NoiseSchedule schedule, int level, ConditionContext context)
    {
        int rows = DrawsBeforeInitialNoise ? (int)pictures.Lengths[0] : context.Shape.Batch;
        ReadOnlySpan<float> given = pictures.Values();
        int length = given.Length / (int)pictures.Lengths[0];
        var noised = new float[rows * length];
        for (int i = 0; i < rows; i++)
        {
            Span<float> row = noised.AsSpan(i * length, length);
            context.Noise.Pictures[i].Fill(row);
            schedule.AddNoise(given.Slice(i * length % given.Length, length), row, level, row);
        }

        return Tensor.Create(noised, [rows, pictures.Lengths[1], pictures.Lengths[2], pictures.Lengths[3]]);
    }
}
