using DiffusionSharp.Conditions;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Guidance;

/// <summary>
/// Makes the predictions that a guidance needs, and no others. Terms share a model call where network, row shapes and shared parts are
/// equal. For each set of terms that is asked together there are runs of their own, made when the set first comes.
/// </summary>
internal sealed class TermEngine : TermPredictions, IStateful, IDisposable
{
    private readonly INoisePredictor _predictor;
    private readonly GuidanceBatching _batching;
    private readonly bool _schedulerNeedsUnconditional;
    private readonly ConditionContext _conditions;
    private readonly CancellationToken _stop;
    private readonly Dictionary<uint, TermCall[]> _sets = [];
    private readonly (TermCall Call, int Position)[] _places;
    private TermCall[] _current = [];
    private uint _asked;

    public TermEngine(SampleShape shape, INoisePredictor predictor, GuidanceBatching batching, bool schedulerNeedsUnconditional, ConditionContext conditions, CancellationToken stop)
        : base(shape)
    {
        (_predictor, _batching, _schedulerNeedsUnconditional, _conditions, _stop) = (predictor, batching, schedulerNeedsUnconditional, conditions, stop);
        if (conditions.Terms.Count is < 1 or > 32)
        {
            throw new InvalidOperationException($"A guidance has 1 to 32 terms, and this one has {conditions.Terms.Count}.");
        }

        _places = new (TermCall, int)[conditions.Terms.Count];
    }

    public override int Count => _places.Length;

    public override ReadOnlySpan<float> Input => SampleOf(0);

    /// <summary>How often a network was evaluated for one picture so far.</summary>
    public int Evaluations => _sets.Values.Sum(calls => calls.Sum(call => call.Run.Evaluations * call.Terms.Length));

    public override bool Has(int term) => (_asked & (1u << term)) != 0;

    public override Span<float> Of(int term)
    {
        if (!Has(term))
        {
            throw new InvalidOperationException($"The term '{_conditions.Terms[term].Name}' was not predicted in this call: a guidance that uses it must say that it needs it.");
        }

        (TermCall call, int position) = _places[term];
        Span<float> all = call.Run.Prediction;
        int length = all.Length / call.Terms.Length;
        return all.Slice(position * length, length);
    }

    /// <summary>Chooses the terms of a call, and prepares whatever they need for the first time.</summary>
    /// <returns>Where the network's input <c>[B, C, H, W]</c> is to be written.</returns>
    public Span<float> Select(in StepPoint at, IGuidanceRun guidance)
    {
        uint asked = 1;
        for (int term = 1; term < _places.Length; term++)
        {
            if ((term == 1 && _schedulerNeedsUnconditional) || guidance.Needs(term, at))
            {
                asked |= 1u << term;
            }
        }

        if (asked != _asked)
        {
            Use(asked, at.Call);
        }

        foreach (TermCall call in _current)
        {
            call.MoveTo(at.Call, _conditions);
        }

        return SampleOf(0);
    }

    /// <summary>Makes the calls that were selected, on the input that was written.</summary>
    public void Predict(in StepPoint at)
    {
        ReadOnlySpan<float> input = Input;
        foreach (TermCall call in _current)
        {
            foreach (int term in call.Terms)
            {
                if (term != 0)
                {
                    input.CopyTo(SampleOf(term));
                }
            }

            call.Run.Predict(at);
            Finite.Require(call.Run.Prediction, Finite.NoisePredictor, at.Call + 1, at.Level.Timestep);
        }

        Reset();
    }

    /// <summary>No further prediction will be asked for; those that were made stay.</summary>
    public void Finish()
    {
        foreach (TermCall[] calls in _sets.Values)
        {
            foreach (TermCall call in calls)
            {
                call.Run.Finish();
            }
        }
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write(_sets.Count);
        foreach ((uint asked, TermCall[] calls) in _sets)
        {
            writer.Write(asked);
            foreach (TermCall call in calls)
            {
                call.Run.Save(writer);
            }
        }
    }

    public void Restore(BinaryReader reader)
    {
        int sets = reader.ReadInt32();
        for (int i = 0; i < sets; i++)
        {
            // Which call does not matter: the next one moves the conditions to its own.
            Use(reader.ReadUInt32(), at: 0);
            foreach (TermCall call in _current)
            {
                call.Run.Restore(reader);
            }
        }

        _asked = 0;
    }

    public void Dispose()
    {
        foreach (TermCall[] calls in _sets.Values)
        {
            foreach (TermCall call in calls)
            {
                call.Run.Dispose();
            }
        }
    }

    private void Use(uint asked, int at)
    {
        if (!_sets.TryGetValue(asked, out TermCall[]? calls))
        {
            calls = Start(asked, at);
            _sets.Add(asked, calls);
        }

        (_asked, _current) = (asked, calls);
        foreach (TermCall call in calls)
        {
            for (int position = 0; position < call.Terms.Length; position++)
            {
                _places[call.Terms[position]] = (call, position);
            }
        }
    }

    private TermCall[] Start(uint asked, int at)
    {
        var calls = new List<TermCall>();
        try
        {
            foreach (int[] terms in Grouped(asked, at))
            {
                INoisePredictor predictor = PredictorOf(terms[0]);
                var plan = new PredictionPlan(Shape.WithBatch(Shape.Batch * terms.Length), _conditions.Stacked(terms, at)) { Pictures = Shape.Batch, CancellationToken = _stop };
                calls.Add(new TermCall(predictor.Start(plan), terms, at));
            }
        }
        catch
        {
            calls.ForEach(call => call.Run.Dispose());
            throw;
        }

        return [.. calls];
    }

    // In one call the unconditional rows come before the conditional ones, as in diffusers.
    private List<int[]> Grouped(uint asked, int at)
    {
        var groups = new List<List<int>>();
        for (int term = 0; term < _places.Length; term++)
        {
            if ((asked & (1u << term)) == 0)
            {
                continue;
            }

            List<int>? group = _batching == GuidanceBatching.OneCall ? groups.Find(g => ShareACall(g[0], term, at)) : null;
            if (group is null)
            {
                groups.Add([term]);
            }
            else
            {
                group.Add(term);
            }
        }

        groups.ForEach(group => group.Reverse());
        return groups.ConvertAll(group => group.ToArray());
    }

    private Span<float> SampleOf(int term)
    {
        (TermCall call, int position) = _places[term];
        return call.Run.Sample.Slice(position * Shape.Length, Shape.Length);
    }

    private bool ShareACall(int a, int b, int at) =>
        ReferenceEquals(PredictorOf(a), PredictorOf(b)) && Conditioning.CanStack(_conditions.At(a, at), _conditions.At(b, at));

    private INoisePredictor PredictorOf(int term) => _conditions.Terms[term].Predictor ?? _predictor;
}
