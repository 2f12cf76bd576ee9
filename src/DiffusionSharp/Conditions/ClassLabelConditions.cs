using System.Numerics.Tensors;

namespace DiffusionSharp.Conditions;

/// <summary>The class of a request, for class-conditional networks.</summary>
internal sealed class ClassLabelConditions : IConditionEncoder
{
    public IReadOnlyList<string> Provides { get; } = [];

    public void Check(GenerationRequest request)
    {
    }

    public void Encode(ConditionContext context)
    {
        float[]? labels = context.Request switch
        {
            { ClassLabels: { } all } => [.. all],
            { ClassLabel: { } one } => [one],
            _ => null,
        };
        if (labels is not null)
        {
            context.AddToAll(new ConditionPart(ConditionNames.ClassLabels, Tensor.Create(labels, [labels.Length])));
        }
    }
}
