using System.Numerics.Tensors;
using DiffusionSharp.Guidance;

namespace DiffusionSharp.Conditions;

/// <summary>
/// What ControlNets read: the <see cref="ControlPictures"/> of a request, and weights that change where a net begins and ends. What counts are the
/// model calls of this generation, as in diffusers.
/// </summary>
/// <param name="nets">The number of ControlNets, at least 1.</param>
public sealed class ControlPictureConditions(int nets) : IConditionEncoder
{
    private const double WeightOfTheShallowest = 0.1;
    private const int Channels = 3;

    /// <inheritdoc/>
    public IReadOnlyList<string> Provides { get; } = nets >= 1
        ? [.. Enumerable.Range(0, nets).Select(ConditionNames.ControlPicture), .. Enumerable.Range(0, nets).Select(ConditionNames.ControlWeight)]
        : throw new ArgumentOutOfRangeException(nameof(nets), nets, "There must be at least one ControlNet.");

    /// <summary>
    /// Whether the nets are inside of the UNet's graph, which takes one weight of each for a whole call: then
    /// <see cref="ControlPictures.GuessMode"/> is refused. False by default.
    /// </summary>
    public bool AreMerged { get; init; }

    /// <summary>Whether the nets' residuals are means over the picture: such nets guide the conditional prediction alone. False by default.</summary>
    public bool PoolGlobally { get; init; }

    /// <inheritdoc/>
    public void Check(GenerationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (IsGivenOtherwise(request))
        {
            return;
        }

        ControlPictures control = request.Part<ControlPictures>()
            ?? throw Bad($"This model is guided by {nets} control picture(s): add {nameof(ControlPictures)} to the request's {nameof(request.Parts)}, with a {nameof(ControlPicture.Weight)} of 0 if none is to count.");
        if (control.Pictures.Count != nets)
        {
            throw Bad($"The request has {control.Pictures.Count} control picture(s), but the model has {nets} ControlNet(s).");
        }

        if (control.GuessMode && AreMerged)
        {
            throw Bad($"{nameof(ControlPictures.GuessMode)} needs ControlNets in graphs of their own; this model has them inside of the UNet's.");
        }

        for (int i = 0; i < nets; i++)
        {
            Check(control.Pictures[i], i, request);
        }
    }

    /// <inheritdoc/>
    public void Encode(ConditionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Request.Part<ControlPictures>() is not { } control)
        {
            return;
        }

        for (int i = 0; i < nets; i++)
        {
            ControlPicture picture = control.Pictures[i];
            context.AddToAll(new ConditionPart(ConditionNames.ControlPicture(i), ToUnit(picture.Pixels))
            {
                SpatialScale = (double)context.Request.Width!.Value / context.Shape.Width,
            });
            foreach (GuidanceTerm term in context.Terms)
            {
                AddWeights(context, term, control.GuessMode, picture, ConditionNames.ControlWeight(i));
            }
        }
    }

    private void AddWeights(ConditionContext context, GuidanceTerm term, bool guesses, ControlPicture picture, string name)
    {
        bool isOutside = (guesses || PoolGlobally) && !term.SeesCondition;
        double shallowest = guesses && !PoolGlobally ? WeightOfTheShallowest : 1;
        double? last = null;
        for (int call = 0; call < context.CallCount; call++)
        {
            bool isOn = (double)call / context.CallCount >= picture.Start && (call + 1.0) / context.CallCount <= picture.End;
            double weight = isOn && !isOutside ? picture.Weight : 0;
            if (weight != last)
            {
                float[] weights = [(float)(shallowest * weight), (float)weight];
                context.Add(term, new ConditionPart(name, AreMerged ? Tensor.Create(weights, [2]) : Tensor.Create(weights, [1, 2])) { IsShared = AreMerged }, call);
                last = weight;
            }
        }
    }

    private void Check(ControlPicture picture, int index, GenerationRequest request)
    {
        Tensor<float> pixels = picture.Pixels;
        string name = nets == 1 ? "The control picture" : $"Control picture {index}";
        bool fits = pixels.Rank == 4 && pixels.Lengths[1] == Channels && pixels.Lengths[2] == request.Height && pixels.Lengths[3] == request.Width;
        if (!fits || (pixels.Lengths[0] != 1 && pixels.Lengths[0] != request.Count))
        {
            string rows = request.Count == 1 ? "1" : $"1 or {request.Count}";
            throw Bad($"{name} has the shape {pixels.ShapeText()}, but the request is for {request.Count} picture(s) of {request.Width} x {request.Height} pixels: it must be [{rows}, {Channels}, {request.Height}, {request.Width}].");
        }

        if (!TensorPrimitives.IsFiniteAll(pixels.Values()) || !double.IsFinite(picture.Weight))
        {
            throw Bad($"{name} has values, or a {nameof(picture.Weight)}, that are not finite numbers.");
        }

        if (!(picture.Start >= 0 && picture.Start < picture.End && picture.End <= 1))
        {
            throw Bad($"{name} counts from {picture.Start} to {picture.End} of the way: the {nameof(picture.Start)} must be at least 0 and below the {nameof(picture.End)}, and that at most 1.");
        }
    }

    // A caller may bring pictures and weights as conditions.
    private bool IsGivenOtherwise(GenerationRequest request) => request.Part<ControlPictures>() is null && Provides.All(name => request.Conditioning[name] is not null);

    private static Tensor<float> ToUnit(Tensor<float> pixels)
    {
        var unit = new float[pixels.FlattenedLength];
        TensorPrimitives.Add(pixels.Values(), 1, unit);
        TensorPrimitives.Multiply(unit, 0.5f, unit);
        return Tensor.Create(unit, pixels.Lengths);
    }

    private static ArgumentException Bad(string message) => new(message, nameof(GenerationRequest.Parts));
}
