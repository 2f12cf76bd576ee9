using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Guidance;

namespace DiffusionSharp.Tests.Conditions.OwnEncoders;

/// <summary>A picture that says where things are, <c>[1, 1, H, W]</c>, and the share of the steps that it is shown for.</summary>
internal sealed record Outline(Tensor<float> Picture, double Until = 1) : IRequestPart;

/// <summary>Shows a network the control picture at the picture's size, up to a step; from then on nothing, and nothing to the terms without the condition.</summary>
internal sealed class OutlineConditions : IConditionEncoder
{
    public IReadOnlyList<string> Provides { get; } = ["control"];

    public void Check(GenerationRequest request)
    {
        if (request.Part<Outline>() is { } control && !control.Picture.Lengths[2..].SequenceEqual([request.Height!.Value, request.Width!.Value]))
        {
            throw new ArgumentException($"The control picture has the shape {control.Picture.ShapeText()}, but the picture is {request.Height}x{request.Width}.", nameof(request));
        }
    }

    public void Encode(ConditionContext context)
    {
        Outline? control = context.Request.Part<Outline>();
        var nothing = new ConditionPart("control", Tensor.CreateFromShape<float>([1, 1, context.Request.Height!.Value, context.Request.Width!.Value])) { SpatialScale = 8 };
        int end = (int)((control?.Until ?? 0) * context.Steps);
        foreach (GuidanceTerm term in context.Terms)
        {
            bool isShown = control is not null && term.SeesCondition;
            context.Add(term, isShown ? nothing with { Values = control!.Picture } : nothing);
            if (isShown && end < context.Steps)
            {
                context.Add(term, nothing, fromCall: context.FirstCallOf(end));
            }
        }
    }
}
