using DiffusionSharp.Prediction;
using DiffusionSharp.Text;

namespace DiffusionSharp.Guidance;

/// <summary>
/// Prompts that are to hold at once, as stable-diffusion-webui writes them: <c>a cat AND a dog :0.7</c>. Each has a prediction of its own, and the conditional one becomes
/// <c>u + Σ w_i·(c_i - u)</c> (Liu et al. 2022, arXiv:2206.01714, eq. 11) before another guidance goes on with it.
/// </summary>
/// <remarks>
/// A generation costs as many further predictions as its prompts have parts beyond the first. What stands behind a colon at the end of a part is its weight,
/// also where there is no AND: <c>a cat :1.2</c>. Negative prompts have no parts.
/// </remarks>
public sealed class ConjunctionGuidance : IGuidance
{
    private const int OfItsOwn = 1;

    private readonly IGuidance _inner;
    private readonly GuidanceTerm[] _parts;

    /// <summary>Goes around a guidance.</summary>
    /// <param name="inner">The guidance; <see cref="ClassifierFreeGuidance"/> when null. It must have the unconditional prediction as its second term.</param>
    /// <param name="mostParts">The most parts of a prompt, from 2 to 16. The empty prompt is encoded in place of those that a prompt lacks, but not predicted.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="mostParts"/> is outside that range.</exception>
    public ConjunctionGuidance(IGuidance? inner = null, int mostParts = 4)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(mostParts, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(mostParts, 16);
        _inner = inner ?? new ClassifierFreeGuidance();
        _parts = [.. Enumerable.Range(0, mostParts).Select(part => (part == 0 ? GuidanceTerm.Conditional : new GuidanceTerm($"part {part + 1}")) with { Prompts = request => [.. PartsOf(request).Select(parts => part < parts.Count ? parts[part].Text : "")] })];
    }

    /// <inheritdoc/>
    public IReadOnlyList<GuidanceTerm> Terms(IReadOnlyList<double> scales, bool schedulerNeedsUnconditional) =>
        [_parts[0], .. _inner.Terms(scales, schedulerNeedsUnconditional: true).Skip(OfItsOwn), .. _parts.Skip(OfItsOwn)];

    /// <inheritdoc/>
    public IGuidanceRun Start(GuidancePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        List<IReadOnlyList<WeightedText>> prompts = plan.Request is TextToImageRequest text ? [.. PartsOf(text)] : [[new WeightedText("", 1)]];
        if (prompts.Max(parts => parts.Count) is var most && most > _parts.Length)
        {
            throw new ArgumentException($"A prompt has {most} parts with AND between them, and this guidance takes at most {_parts.Length}.", nameof(plan));
        }

        double[][] weights = [.. Enumerable.Range(0, plan.Shape.Batch).Select(picture => prompts[prompts.Count == 1 ? 0 : picture]).Select(parts => Enumerable.Range(0, most).Select(i => i < parts.Count ? parts[i].Weight : 0).ToArray())];
        int first = plan.Terms.ToList().FindIndex(term => ReferenceEquals(term, _parts[OfItsOwn]));
        return new Run(_inner.Start(plan with { Terms = [.. plan.Terms.Take(first)] }), weights, first);
    }

    private static IEnumerable<IReadOnlyList<WeightedText>> PartsOf(TextToImageRequest request) => (request.Prompts ?? [request.Prompt]).Select(A1111PromptSyntax.Conjunction);

    /// <param name="inner">The run of the other guidance.</param>
    /// <param name="weights">The weights of each picture's parts.</param>
    /// <param name="first">The term of the second part.</param>
    private sealed class Run(IGuidanceRun inner, double[][] weights, int first) : DelegatingGuidanceRun(inner)
    {
        private readonly bool _composes = weights.Any(IsComposed);

        public override bool Needs(int term, in StepPoint at) =>
            term >= first ? term - first + OfItsOwn < weights[0].Length : (term == 1 && _composes) || Inner.Needs(term, at);

        public override void Combine(in StepPoint at, TermPredictions predictions)
        {
            for (int i = 0; i < weights.Length; i++)
            {
                if (IsComposed(weights[i]))
                {
                    Compose(predictions, i, weights[i]);
                }
            }

            Inner.Combine(at, predictions);
        }

        private static bool IsComposed(double[] parts) => parts[0] != 1 || parts.AsSpan(1).ContainsAnyExcept(0);

        private void Compose(TermPredictions predictions, int picture, double[] parts)
        {
            Span<float> composed = predictions.Of(0, picture);
            ReadOnlySpan<float> unconditional = predictions.Of(1, picture);
            for (int k = 0; k < composed.Length; k++)
            {
                composed[k] = (float)(unconditional[k] + (parts[0] * (composed[k] - (double)unconditional[k])));
            }

            for (int part = 1; part < parts.Length; part++)
            {
                // A batch has the parts of its longest prompt; what others lack weighs nothing, and must not change their last bit.
                if (parts[part] != 0)
                {
                    Add(parts[part], predictions.Of(first + part - OfItsOwn, picture), unconditional, composed);
                }
            }
        }

        private static void Add(double weight, ReadOnlySpan<float> prediction, ReadOnlySpan<float> unconditional, Span<float> composed)
        {
            for (int k = 0; k < composed.Length; k++)
            {
                composed[k] += (float)(weight * (prediction[k] - (double)unconditional[k]));
            }
        }
    }
}
