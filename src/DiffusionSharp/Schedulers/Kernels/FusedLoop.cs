using System.Numerics;
using System.Runtime.InteropServices;

namespace DiffusionSharp.Schedulers;

/// <summary>The loop of <see cref="FusedKernel"/> over whole vectors.</summary>
internal static class FusedLoop
{
    /// <summary>A number known to the compiler.</summary>
    private interface ICount
    {
        static abstract int Value { get; }
    }

    // What a step has is made a type, so that the compiler writes one loop for each kind of step, without a branch for what it lacks.
    public static void Run(in StepCoefficients step, in FusedTerms terms, Target target)
    {
        switch ((terms.Prediction.IsGuided, step.FromUnconditional != 0))
        {
            case (false, _):
                Run<None>(step, terms, target);
                break;
            case (true, false):
                Run<Some>(step, terms, target);
                break;
            case (true, true):
                Run<Two>(step, terms, target);
                break;
        }
    }

    private static void Run<TGuidance>(in StepCoefficients step, in FusedTerms terms, Target target)
        where TGuidance : struct, ICount
    {
        if (!terms.History3.IsEmpty)
        {
            Run<TGuidance, Three>(step, terms, target);
        }
        else if (!terms.History2.IsEmpty)
        {
            Run<TGuidance, Two>(step, terms, target);
        }
        else if (!terms.History1.IsEmpty)
        {
            Run<TGuidance, Some>(step, terms, target);
        }
        else
        {
            Run<TGuidance, None>(step, terms, target);
        }
    }

    private static void Run<TGuidance, THistory>(in StepCoefficients step, in FusedTerms terms, Target target)
        where TGuidance : struct, ICount
        where THistory : struct, ICount
    {
        switch ((!terms.Base.IsEmpty, !terms.Noise.IsEmpty))
        {
            case (false, false):
                Run<TGuidance, THistory, None, None>(step, terms, target);
                break;
            case (false, true):
                Run<TGuidance, THistory, None, Some>(step, terms, target);
                break;
            case (true, false):
                Run<TGuidance, THistory, Some, None>(step, terms, target);
                break;
            case (true, true):
                Run<TGuidance, THistory, Some, Some>(step, terms, target);
                break;
        }
    }

    private static unsafe void Run<TGuidance, THistory, TBase, TNoise>(in StepCoefficients step, in FusedTerms terms, Target target)
        where TGuidance : struct, ICount
        where THistory : struct, ICount
        where TBase : struct, ICount
        where TNoise : struct, ICount
    {
        // References of absent terms are never read; an absent m among those of earlier steps has no weight, so any other stands for it.
        ref float x = ref MemoryMarshal.GetReference(terms.Sample);
        ref float c = ref MemoryMarshal.GetReference(terms.Prediction.Conditional);
        ref float u = ref MemoryMarshal.GetReference(terms.Prediction.Unconditional);
        ref float model = ref MemoryMarshal.GetReference(terms.Model);
        ref float basis = ref MemoryMarshal.GetReference(terms.Base);
        ref float h3 = ref MemoryMarshal.GetReference(terms.History3);
        ref float h2 = ref terms.History2.IsEmpty ? ref h3 : ref MemoryMarshal.GetReference(terms.History2);
        ref float h1 = ref terms.History1.IsEmpty ? ref h2 : ref MemoryMarshal.GetReference(terms.History1);
        ref float z = ref MemoryMarshal.GetReference(terms.Noise);
        (bool keepsModel, bool hasModel, bool usesPrediction) = (!terms.Model.IsEmpty, terms.ModelIsGiven, step.FromPrediction != 0);
        var low = new Vector<float>(-terms.Range);
        var high = new Vector<float>(terms.Range);
        (float conditional, float unconditional) = ((float)terms.Prediction.ConditionalWeight, (float)terms.Prediction.UnconditionalWeight);

        // A weight of the only term goes into its coefficients.
        double only = TGuidance.Value > 0 ? 1 : terms.Prediction.ConditionalWeight;
        (float modelFromSample, float modelFromPrediction) = ((float)step.ModelFromSample, (float)(step.ModelFromPrediction * only));
        (float fromSample, float fromModel, float fromPrediction) = ((float)step.FromSample, (float)step.FromModel, (float)(step.FromPrediction * only));
        float fromUnconditional = (float)step.FromUnconditional;
        (float from1, float from2, float from3, float fromNoise) = ((float)step.FromHistory1, (float)step.FromHistory2, (float)step.FromHistory3, (float)step.NoiseScale);
        float fromBase = (float)step.FromBase;
        (float baseFromSample, float baseFromBase, float baseFromModel) = ((float)step.Base.FromSample, (float)step.Base.FromBase, (float)step.Base.FromModel);
        (float baseFrom1, float baseFrom2, float baseFrom3) = ((float)step.Base.FromHistory1, (float)step.Base.FromHistory2, (float)step.Base.FromHistory3);
        float baseFromNoise = (float)step.Base.FromNoise;
        float* destination = target.Destination;
        bool streams = target.Streams;
        for (nuint i = (nuint)target.Start; i < (nuint)target.End; i += (nuint)Vector<float>.Count)
        {
            Vector<float> sample = Vector.LoadUnsafe(ref x, i);
            Vector<float> prediction = Vector.LoadUnsafe(ref c, i);
            if (TGuidance.Value > 0)
            {
                prediction = (Vector.LoadUnsafe(ref u, i) * unconditional) + (prediction * conditional);
            }

            Vector<float> m = hasModel
                ? Vector.LoadUnsafe(ref model, i)
                : Vector.Min(Vector.Max((sample * modelFromSample) + (prediction * modelFromPrediction), low), high);
            if (keepsModel)
            {
                m.StoreUnsafe(ref model, i);
            }

            Vector<float> sum = (sample * fromSample) + (m * fromModel);
            if (usesPrediction)
            {
                sum += prediction * fromPrediction;
            }

            if (TGuidance.Value > 1)
            {
                sum += Vector.LoadUnsafe(ref u, i) * fromUnconditional;
            }

            Vector<float> b = TBase.Value > 0 ? (sample * baseFromSample) + (Vector.LoadUnsafe(ref basis, i) * baseFromBase) + (m * baseFromModel) : default;
            if (THistory.Value >= 1)
            {
                Vector<float> h = Vector.LoadUnsafe(ref h1, i);
                sum += h * from1;
                b += h * baseFrom1;
            }

            if (THistory.Value >= 2)
            {
                Vector<float> h = Vector.LoadUnsafe(ref h2, i);
                sum += h * from2;
                b += h * baseFrom2;
            }

            if (THistory.Value >= 3)
            {
                Vector<float> h = Vector.LoadUnsafe(ref h3, i);
                sum += h * from3;
                b += h * baseFrom3;
            }

            Vector<float> noise = TNoise.Value > 0 ? Vector.LoadUnsafe(ref z, i) : default;
            if (TBase.Value > 0)
            {
                b += noise * baseFromNoise;
                b.StoreUnsafe(ref basis, i);
                sum += b * fromBase;
            }

            if (TNoise.Value > 0)
            {
                sum += noise * fromNoise;
            }

            StreamingStore.Store(sum, destination + i, streams);
        }
    }

    /// <summary>Where results go: from one place to another, whole vectors.</summary>
    public readonly unsafe struct Target(float* destination, int start, int end, bool streams)
    {
        public readonly float* Destination = destination;
        public readonly int Start = start;
        public readonly int End = end;
        public readonly bool Streams = streams;
    }

    private readonly struct None : ICount
    {
        public static int Value => 0;
    }

    private readonly struct Some : ICount
    {
        public static int Value => 1;
    }

    private readonly struct Two : ICount
    {
        public static int Value => 2;
    }

    private readonly struct Three : ICount
    {
        public static int Value => 3;
    }
}
