using System.Numerics.Tensors;
using DiffusionSharp.Conditions;

namespace DiffusionSharp.Tests.Conditions.OwnEncoders;

/// <summary>The size that a picture of training is said to have had, and where it was cropped.</summary>
internal sealed record SaidSize(int Height, int Width, int Top = 0, int Left = 0) : IRequestPart;

/// <summary>Tells a network the sizes that a request says, or its own: <c>[1, 6]</c> in all terms, as SDXL's <c>time_ids</c> (Podell et al. 2023, arXiv:2307.01952, section 2.2).</summary>
internal sealed class SaidSizeConditions : IConditionEncoder
{
    public IReadOnlyList<string> Provides { get; } = ["time_ids"];

    public void Check(GenerationRequest request)
    {
        if (request.Part<SaidSize>() is { } said && (said.Height < 1 || said.Width < 1))
        {
            throw new ArgumentException($"The size that the picture is said to have is {said.Height}x{said.Width}.", nameof(request));
        }
    }

    public void Encode(ConditionContext context)
    {
        (int height, int width) = (context.Request.Height!.Value, context.Request.Width!.Value);
        SaidSize said = context.Request.Part<SaidSize>() ?? new SaidSize(height, width);
        context.AddToAll(new ConditionPart("time_ids", Tensor.Create<float>([said.Height, said.Width, said.Top, said.Left, height, width], [1, 6])));
    }
}
