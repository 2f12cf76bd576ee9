using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Guidance;
using DiffusionSharp.OnnxRuntime.Sessions;

namespace DiffusionSharp.OnnxRuntime;

/// <summary>
/// The pictures of a request's <see cref="ImagePrompts"/> as tokens beside the text's (IP-Adapter, Ye et al. 2023, arXiv:2308.06721): what an
/// image encoder makes of each, in the UNet's input <c>image_embeds</c>, and their scale in <c>ip_adapter_scale</c>. The input is <c>[B, pictures, D]</c>, or of the larger adapters
/// (Plus) <c>[B, pictures, S, D]</c>. Predictions without the condition get zeros, or what the encoder makes of nothing, as in diffusers.
/// </summary>
public sealed class OnnxImagePromptConditions : IConditionEncoder, IDisposable
{
    internal const string TokensInput = ConditionNames.ImagePrompts;

    private const string ScaleInput = "ip_adapter_scale";

    private readonly OnnxImageEncoder _encoder;
    private readonly OnnxTensorInfo? _scale;

    /// <summary>Puts an encoder before a UNet.</summary>
    /// <param name="encoder">The image encoder; disposed with this one.</param>
    /// <param name="unet">The UNet, whose inputs decide; its owner disposes it.</param>
    /// <exception cref="ModelFormatException">The UNet takes no pictures, or the encoder gives one vector where it takes several, or the other way round.</exception>
    public OnnxImagePromptConditions(OnnxImageEncoder encoder, OnnxNoisePredictor unet)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(unet);
        if (!IsFor(unet))
        {
            throw new ModelFormatException(unet.Path, $"the UNet has no input '{TokensInput}' [batch, pictures, size], so it takes no image prompts.");
        }

        if (encoder.GivesStates != TakesStates(unet))
        {
            throw new ModelFormatException(unet.Path, $"the input '{TokensInput}' takes {(encoder.GivesStates ? "one vector" : "vectors of the parts")} of each picture, and the image encoder gives {(encoder.GivesStates ? "those of its parts" : "one")}: make it with givesStates: {(encoder.GivesStates ? "false" : "true")}.");
        }

        (_encoder, _scale) = (encoder, unet.Session.FindInput(ScaleInput));
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Provides { get; } = [TokensInput, ScaleInput];

    /// <inheritdoc/>
    public void Check(GenerationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Part<ImagePrompts>() is not { } prompts)
        {
            if (request.Conditioning[TokensInput] is null)
            {
                throw Bad($"This model sees pictures beside the prompt: add {nameof(ImagePrompts)} to the request's {nameof(request.Parts)}, with a {nameof(ImagePrompts.Scale)} of 0 if none is to count.");
            }

            return;
        }

        if (prompts.Pictures.Count == 0)
        {
            throw Bad($"The request's {nameof(ImagePrompts)} have no picture.");
        }

        for (int i = 0; i < prompts.Pictures.Count; i++)
        {
            Check(prompts.Pictures[i], i, request.Count);
        }

        if (!double.IsFinite(prompts.Scale) || (_scale is null && prompts.Scale != 1))
        {
            throw Bad($"The {nameof(ImagePrompts.Scale)} of the image prompts is {prompts.Scale}, but it must be {(_scale is null ? $"1: the model has no input '{ScaleInput}'" : "a finite number")}.");
        }
    }

    /// <inheritdoc/>
    public void Encode(ConditionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        ImagePrompts? prompts = context.Request.Part<ImagePrompts>();
        if (prompts is not null)
        {
            Tensor<float> tokens = Tokens([.. prompts.Pictures.Select(picture => _encoder.Encode(picture, context.CancellationToken))]);
            Tensor<float> nothing = context.Terms.All(term => term.SeesCondition) ? tokens : Nothing(tokens, context.CancellationToken);
            foreach (GuidanceTerm term in context.Terms)
            {
                context.Add(term, new ConditionPart(TokensInput, term.SeesCondition ? tokens : nothing));
            }
        }

        if (_scale is not null)
        {
            context.AddToAll(new ConditionPart(ScaleInput, Tensor.Create([(float)(prompts?.Scale ?? 1)], [1])) { IsShared = _scale.Rank == 0 });
        }
    }

    /// <summary>Releases the encoder.</summary>
    public void Dispose() => _encoder.Dispose();

    /// <summary>Whether a UNet takes pictures.</summary>
    internal static bool IsFor(OnnxNoisePredictor unet) => unet.Session.FindInput(TokensInput) is { Rank: 3 or 4 };

    /// <summary>Whether it takes vectors of a picture's parts.</summary>
    internal static bool TakesStates(OnnxNoisePredictor unet) => unet.Session.FindInput(TokensInput) is { Rank: 4 };

    private static void Check(Tensor<float> picture, int index, int count)
    {
        if (picture.Rank != 4 || picture.IsEmpty || picture.Lengths[1] != 3 || (picture.Lengths[0] != 1 && picture.Lengths[0] != count))
        {
            throw Bad($"Image prompt {index} has the shape {picture.ShapeText()}, but it must be [{(count == 1 ? "1" : $"1 or {count}")}, 3, height, width].");
        }

        if (!TensorPrimitives.IsFiniteAll(picture.Values()))
        {
            throw Bad($"Image prompt {index} has values that are not finite numbers.");
        }
    }

    private Tensor<float> Nothing(Tensor<float> tokens, CancellationToken cancellationToken) => _encoder.GivesStates
        ? Tokens([.. Enumerable.Repeat(_encoder.EncodeNothing(cancellationToken), (int)tokens.Lengths[1])])
        : Tensor.CreateFromShape<float>(tokens.Lengths);

    // [1 or B, pictures, ...]: each picture's rows interleaved with the others'.
    private static Tensor<float> Tokens(Tensor<float>[] encoded)
    {
        int rows = (int)encoded.Max(vectors => vectors.Lengths[0]);
        int size = (int)(encoded[0].FlattenedLength / encoded[0].Lengths[0]);
        var tokens = new float[rows * encoded.Length * size];
        for (int row = 0; row < rows; row++)
        {
            for (int i = 0; i < encoded.Length; i++)
            {
                int from = encoded[i].Lengths[0] == 1 ? 0 : row;
                encoded[i].Values().Slice(from * size, size).CopyTo(tokens.AsSpan(((row * encoded.Length) + i) * size));
            }
        }

        return Tensor.Create(tokens, [rows, encoded.Length, .. encoded[0].Lengths[1..]]);
    }

    private static ArgumentException Bad(string message) => new(message, nameof(GenerationRequest.Parts));
}
