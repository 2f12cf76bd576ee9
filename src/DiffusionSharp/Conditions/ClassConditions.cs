using System.Numerics.Tensors;

namespace DiffusionSharp.Conditions;

/// <summary>
/// Refuses requests whose class a network does not know, and gives the terms that do not see it the class that stands for none, as networks are
/// trained with for classifier-free guidance (Peebles &amp; Xie 2022, arXiv:2212.09748, section 3.3).
/// </summary>
/// <param name="classes">How many classes the network knows, at least 1.</param>
/// <param name="noClass">The class that stands for none; null where the network has no such class.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="classes"/> is below 1.</exception>
public sealed class ClassConditions(int classes, long? noClass = null) : IConditionEncoder
{
    private readonly int _classes = classes >= 1 ? classes : throw new ArgumentOutOfRangeException(nameof(classes), classes, "A class-conditional network knows at least one class.");

    /// <inheritdoc/>
    public IReadOnlyList<string> Provides { get; } = [];

    /// <inheritdoc/>
    public void Check(GenerationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        foreach (long label in request.ClassLabels ?? (request.ClassLabel is { } one ? [one] : []))
        {
            if (label < 0 || label >= _classes)
            {
                throw new ArgumentOutOfRangeException(nameof(request), label, $"{nameof(request.ClassLabel)}: the network knows the classes 0 to {_classes - 1}.");
            }
        }

        if (request is { ClassLabels: null, ClassLabel: null } && request.Conditioning[ConditionNames.ClassLabels] is null)
        {
            throw new ArgumentException($"The network draws one of {_classes} classes: set {nameof(request.ClassLabel)}, from 0 to {_classes - 1}.", nameof(request));
        }
    }

    /// <inheritdoc/>
    public void Encode(ConditionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (noClass is not { } label || context.Request.NegativeConditioning?[ConditionNames.ClassLabels] is not null)
        {
            return;
        }

        foreach (var term in context.Terms.Where(term => !term.SeesCondition))
        {
            context.Add(term, new ConditionPart(ConditionNames.ClassLabels, Tensor.Create([(float)label], [1])));
        }
    }
}
