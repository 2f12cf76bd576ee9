using System.Numerics.Tensors;
using DiffusionSharp.Guidance;
using DiffusionSharp.Latents;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Conditions;

/// <summary>The conditions of one generation while its encoders gather them. Not thread-safe.</summary>
public sealed class ConditionContext
{
    private readonly IReadOnlyList<IConditionEncoder> _encoders;
    private readonly TermConditions[] _conditions;
    private readonly IReadOnlyList<double> _scales;
    private readonly GenerationNoise _noise;
    private readonly CallGrid _calls;
    private readonly List<string> _warnings = [];
    private readonly Dictionary<int, IReadOnlyList<AddedPart>> _drawn;
    private List<AddedPart> _added = [];
    private bool _drawsNoise;

    internal ConditionContext(GenerationRequest request, SampleShape shape, CallGrid calls, GuidancePlan guidance, GenerationNoise noise, ILatentEncoder? latentEncoder, IReadOnlyList<IConditionEncoder> encoders, IReadOnlyDictionary<int, IReadOnlyList<AddedPart>>? drawn = null)
    {
        (_encoders, _calls) = (encoders, calls);
        _drawn = drawn is null ? [] : new(drawn);
        (Request, Shape, Terms, _scales, _noise, LatentEncoder, CancellationToken) = (request, shape, guidance.Terms, guidance.Scales, noise, latentEncoder, guidance.CancellationToken);

        // What the caller says of the picture holds for the other terms, too, unless an encoder or the caller says what it is without it.
        _conditions = [.. Terms.Select(term => new TermConditions(term.SeesCondition ? request.Conditioning : request.NegativeConditioning ?? request.Conditioning))];
        _warnings.AddRange(IdleWishes.In(this));
    }

    /// <summary>The request, with every default filled in.</summary>
    public GenerationRequest Request { get; }

    /// <summary>The shape of the sample.</summary>
    public SampleShape Shape { get; }

    /// <summary>Steps of the plan, as the user counts them.</summary>
    public int Steps => Request.Steps!.Value;

    /// <summary>Steps of this generation, from 0 as <see cref="StepPoint.Step"/> counts them: fewer than the plan's where it goes a part of the way, as from a picture.</summary>
    public int StepCount => _calls.Steps;

    /// <summary>Model calls of this generation, from 0 as <see cref="StepPoint.Call"/> counts them: more than its steps where a scheduler asks twice in one.</summary>
    public int CallCount => _calls.Calls;

    /// <summary>The terms of the guidance.</summary>
    public IReadOnlyList<GuidanceTerm> Terms { get; }

    /// <summary>The noise of the generation. Parts that an encoder adds after asking for it are kept in checkpoints, and not encoded again.</summary>
    public GenerationNoise Noise
    {
        get
        {
            _drawsNoise = true;
            return _noise;
        }
    }

    /// <summary>The pipeline's latent encoder; null when it has none.</summary>
    public ILatentEncoder? LatentEncoder { get; }

    /// <summary>Stops the generation.</summary>
    public CancellationToken CancellationToken { get; }

    internal IReadOnlyList<string> Warnings => _warnings;

    /// <summary>The guidance scale of a picture; networks that were distilled on it take it as an input.</summary>
    /// <param name="picture">Which picture.</param>
    /// <returns>The scale w.</returns>
    public double GuidanceScale(int picture) => _scales[picture];

    /// <summary>The prompts of a term.</summary>
    /// <param name="term">One of <see cref="Terms"/>.</param>
    /// <returns>One, or one for each picture; a single empty one where the request has none.</returns>
    public IReadOnlyList<string> PromptsOf(GuidanceTerm term) => PromptsOf(term, 0);

    /// <summary>The prompts of a term for one of several text encoders (<see cref="EncoderPrompts"/>).</summary>
    /// <param name="term">One of <see cref="Terms"/>.</param>
    /// <param name="encoder">Which encoder, from 0.</param>
    /// <returns>One, or one for each picture; a single empty one where the request has none.</returns>
    public IReadOnlyList<string> PromptsOf(GuidanceTerm term, int encoder)
    {
        ArgumentNullException.ThrowIfNull(term);
        if (Request is not TextToImageRequest text)
        {
            return [""];
        }

        text = Request.Part<EncoderPrompts>()?.For(text, encoder) ?? text;
        return term.Prompts?.Invoke(text) ?? text.Prompts ?? [text.Prompt];
    }

    /// <summary>What a term begins with: what the caller and the encoders before this one gave.</summary>
    /// <param name="term">One of <see cref="Terms"/>.</param>
    /// <returns>The conditions at the first call.</returns>
    public Conditioning Of(GuidanceTerm term) => _conditions[IndexOf(term)].At(0);

    /// <summary>The latents of pictures, drawn from the encoder's posterior with the noise of each picture, or with the first one's where the request <see cref="GenerationRequest.EncodesPictureOnce"/>.</summary>
    /// <param name="pictures"><c>[1 or B, 3, H, W]</c> in [-1, 1].</param>
    /// <returns>A latent for each picture of the generation, <c>[B, C, h, w]</c>.</returns>
    /// <exception cref="InvalidOperationException">The pipeline has no latent encoder.</exception>
    public float[] EncodePictures(Tensor<float> pictures) => InitialLatents.Encode(this, pictures);

    /// <summary>The model call that a step begins with, for parts that change at it.</summary>
    /// <param name="step">The step, at least 0.</param>
    /// <returns>The call, or <see cref="CallCount"/> for a step that this generation does not reach.</returns>
    public int FirstCallOf(int step) => step < StepCount ? _calls.FirstOf(step) : CallCount;

    /// <summary>Gives a part to a term.</summary>
    /// <param name="term">One of <see cref="Terms"/>.</param>
    /// <param name="part">The part, of one row or a row for each picture; in place of an earlier one of its name.</param>
    /// <param name="fromCall">The model call from which on it holds (<see cref="FirstCallOf"/>).</param>
    /// <exception cref="InvalidOperationException">The part has another number of rows.</exception>
    public void Add(GuidanceTerm term, ConditionPart part, int fromCall = 0)
    {
        ArgumentNullException.ThrowIfNull(part);
        ArgumentOutOfRangeException.ThrowIfNegative(fromCall);
        if (part.Rows != 1 && part.Rows != Shape.Batch)
        {
            throw new InvalidOperationException($"An encoder gave the part '{part.Name}' the shape {part.Values.ShapeText()}, but there are {Shape.Batch} pictures: its first dimension must be 1 or {Shape.Batch}.");
        }

        var added = new AddedPart(IndexOf(term), fromCall, part);
        _conditions[added.Term].Add(part, fromCall);
        _added.Add(added);
    }

    /// <summary>Gives a part to all terms that have none of its name.</summary>
    /// <param name="part">The part.</param>
    public void AddToAll(ConditionPart part)
    {
        ArgumentNullException.ThrowIfNull(part);
        foreach (GuidanceTerm term in Terms)
        {
            if (Of(term)[part.Name] is null)
            {
                Add(term, part);
            }
        }
    }

    /// <summary>Tells the user something that is no error.</summary>
    /// <param name="warning">A sentence for <see cref="GenerationResult.Warnings"/>.</param>
    public void Warn(string warning) => _warnings.Add(warning);

    /// <summary>What encoders drew noise for, by their place in the pipeline: a checkpoint keeps it, for nothing would draw it again.</summary>
    internal IReadOnlyDictionary<int, IReadOnlyList<AddedPart>> Drawn => _drawn;

    /// <summary>Asks the encoders that draw before, or after, the initial noise.</summary>
    internal void Encode(bool beforeInitialNoise)
    {
        for (int i = 0; i < _encoders.Count; i++)
        {
            if (_encoders[i].DrawsBeforeInitialNoise == beforeInitialNoise)
            {
                CancellationToken.ThrowIfCancellationRequested();
                Encode(_encoders[i], i);
            }
        }
    }

    /// <summary>Throws where guidance would move away from the very conditions that it moves towards.</summary>
    internal void RequireDifferentTerms()
    {
        for (int i = 1; i < Terms.Count; i++)
        {
            if (!Terms[i].SeesCondition && Terms[i].Overrides.Count == 0 && IsSame(_conditions[0].At(0), _conditions[i].At(0)))
            {
                throw new ArgumentException(
                    $"Guidance scale {_scales.Max()} needs something to move away from: set {nameof(GenerationRequest.NegativeConditioning)}, or a scale of 1.",
                    nameof(GenerationRequest.NegativeConditioning));
            }
        }
    }

    /// <summary>The conditions of a term at a call, with a row for each picture.</summary>
    internal Conditioning At(int term, int call) =>
        Terms[term].Overrides.Aggregate(_conditions[term].At(call), static (conditioning, part) => conditioning.With(part)).Expand(Shape.Batch);

    /// <summary>The conditions of several terms, one behind another.</summary>
    internal Conditioning Stacked(int[] terms, int call) => Conditioning.Stack(Array.ConvertAll(terms, term => At(term, call)));

    /// <summary>Whether one of several terms has other conditions at another call.</summary>
    internal bool Differs(int[] terms, int call, int other)
    {
        foreach (int term in terms)
        {
            if (_conditions[term].Differs(call, other))
            {
                return true;
            }
        }

        return false;
    }

    private void Encode(IConditionEncoder encoder, int index)
    {
        if (_drawn.TryGetValue(index, out IReadOnlyList<AddedPart>? drawn))
        {
            foreach (AddedPart added in drawn)
            {
                _conditions[added.Term].Add(added.Part, added.FromCall);
            }

            return;
        }

        // The caller may have brought them all.
        if (encoder.Provides.Count > 0 && Array.TrueForAll(_conditions, conditions => encoder.Provides.All(name => conditions.Given[name] is not null)))
        {
            return;
        }

        (_drawsNoise, _added) = (false, []);
        encoder.Encode(this);
        if (_drawsNoise)
        {
            _drawn.Add(index, _added);
        }
    }

    private static bool IsSame(Conditioning a, Conditioning b) =>
        a.Parts.Count == b.Parts.Count && a.Parts.All(part => b[part.Name] is { } other && ReferenceEquals(part.Values, other.Values));

    private int IndexOf(GuidanceTerm term)
    {
        for (int i = 0; i < Terms.Count; i++)
        {
            if (Terms[i] == term)
            {
                return i;
            }
        }

        throw new ArgumentException($"The guidance of this generation has no term '{term?.Name}'.", nameof(term));
    }
}
