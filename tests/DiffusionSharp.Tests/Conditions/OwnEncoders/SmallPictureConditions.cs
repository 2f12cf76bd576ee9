using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Tests.Conditions.OwnEncoders;

/// <summary>A small picture, <c>[1, C, h, w]</c> of the sample's size, and the timestep that it is noised to.</summary>
internal sealed record SmallPicture(Tensor<float> Picture, int NoiseLevel) : IRequestPart;

/// <summary>Shows a network a small picture beside the sample, noised a little for each picture, and tells it how much (Ho et al. 2021, arXiv:2106.15282, section 4.2).</summary>
internal sealed class SmallPictureConditions(NoiseSchedule schedule, bool drawsFirst) : IConditionEncoder
{
    public IReadOnlyList<string> Provides { get; } = [ConditionNames.Concatenated, "noise_level"];

    public bool DrawsBeforeInitialNoise => drawsFirst;

    public void Check(GenerationRequest request)
    {
        SmallPicture low = request.Part<SmallPicture>() ?? throw new ArgumentException("The request has no small picture to enlarge.", nameof(request));
        if (low.NoiseLevel < 0 || low.NoiseLevel >= schedule.TrainingTimesteps)
        {
            throw new ArgumentException($"The small picture's noise level is {low.NoiseLevel}, but the schedule has {schedule.TrainingTimesteps}.", nameof(request));
        }
    }

    public void Encode(ConditionContext context)
    {
        SmallPicture low = context.Request.Part<SmallPicture>()!;
        var noised = new float[context.Shape.Batch * (int)low.Picture.FlattenedLength];
        context.Noise.Batch.Fill(noised);
        for (int i = 0; i < context.Shape.Batch; i++)
        {
            Span<float> one = noised.AsSpan(i * (int)low.Picture.FlattenedLength, (int)low.Picture.FlattenedLength);
            schedule.AddNoise(low.Picture.Values(), one, low.NoiseLevel, one);
        }

        context.AddToAll(new ConditionPart(ConditionNames.Concatenated, Tensor.Create(noised, [context.Shape.Batch, .. low.Picture.Lengths[1..]])) { SpatialScale = 1 });
        context.AddToAll(new ConditionPart("noise_level", Tensor.Create<float>([low.NoiseLevel], [1])));
    }
}
