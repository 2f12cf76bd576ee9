using System.Numerics;
using System.Runtime.InteropServices;
using DiffusionSharp.Guidance;

namespace DiffusionSharp.Schedulers.Kernels;

/// <summary>
/// The arithmetic of a step, vectorised, in one pass: every input is read once and every output written once. Operations are rounded
/// one by one and in a fixed order, so that results depend neither on the CPU nor on where in a batch a value lies.
/// </summary>
internal static class FusedKernel
{
    /// <summary>A number known to the compiler.</summary>
    private interface ICount
    {
        static abstract int Value { get; }
    }

    public static void Run(in StepCoefficients step, in FusedTerms terms)
    {
        if (IsLinear(step, terms, out float fromSample, out double fromPrediction))
        {
            RunLinear(fromSample, fromPrediction, step, terms);
        }
        else
        {
            RunGeneral(step, terms);
        }
    }

    // Where m is neither clipped nor kept, nor that of earlier steps used, it need not be formed: the step is a·x + b·p + s·z.
    private static bool IsLinear(in StepCoefficients step, in FusedTerms terms, out float fromSample, out double fromPrediction)
    {
        fromSample = (float)((step.FromModel * step.ModelFromSample) + step.FromSample);
        fromPrediction = (step.FromModel * step.ModelFromPrediction) + step.FromPrediction;
        bool hasHistory = !terms.History1.IsEmpty || !terms.History2.IsEmpty || !terms.History3.IsEmpty;
        return terms.Model.IsEmpty && terms.Base.IsEmpty && !hasHistory && float.IsPositiveInfinity(terms.Range);
    }

    private static void RunLinear(float fromSample, double fromPrediction, in StepCoefficients step, in FusedTerms terms)
    {
        float conditional = (float)(fromPrediction * terms.Prediction.Scale);
        float unconditional = (float)(fromPrediction * (1 - terms.Prediction.Scale));
        float noise = (float)step.NoiseScale;
        ReadOnlySpan<float> x = terms.Sample;
        ReadOnlySpan<float> c = terms.Prediction.Conditional;
        ReadOnlySpan<float> u = terms.Prediction.Unconditional;
        switch ((terms.Prediction.IsGuided, !terms.Noise.IsEmpty))
        {
            case (false, false):
                LinearCombination.Compute(fromSample, x, conditional, c, terms.Destination);
                break;
            case (false, true):
                LinearCombination.Compute(fromSample, x, conditional, c, noise, terms.Noise, terms.Destination);
                break;
            case (true, false):
                LinearCombination.Compute(fromSample, x, unconditional, u, conditional, c, terms.Destination);
                break;
            case (true, true):
                LinearCombination.Compute(fromSample, x, unconditional, u, conditional, c, noise, terms.Noise, terms.Destination);
                break;
        }
    }

    private static unsafe void RunGeneral(in StepCoefficients step, in FusedTerms terms)
    {
        fixed (float* destination = terms.Destination)
        {
            int length = terms.Destination.Length;
            bool streams = StreamingStore.Suits(length);
            int head = streams ? StreamingStore.ValuesBefore(destination) : 0;
            int end = length - ((length - head) % Vector<float>.Count);
            RunPart(step, terms, 0, head);
            RunVectors(step, terms, new Target(destination, head, end, streams));
            RunPart(step, terms, end, length - end);
            StreamingStore.Finish(streams);
        }
    }

    // Fewer values than a vector has go through the same code, on copies filled up to a whole one.
    private static unsafe void RunPart(in StepCoefficients step, in FusedTerms terms, int start, int count)
    {
        if (count == 0)
        {
            return;
        }

        int width = Vector<float>.Count;
        Span<float> memory = stackalloc float[10 * width];
        memory.Clear();
        Span<float> model = terms.Model.IsEmpty ? [] : memory.Slice(7 * width, width);
        Span<float> destination = memory.Slice(8 * width, width);
        Span<float> basis = terms.Base.IsEmpty ? [] : memory.Slice(9 * width, width);
        if (!model.IsEmpty)
        {
            terms.Model.Slice(start, count).CopyTo(model);
        }

        if (!basis.IsEmpty)
        {
            terms.Base.Slice(start, count).CopyTo(basis);
        }

        Span<float> conditional = Copy(terms.Prediction.Conditional, memory);
        var part = new FusedTerms
        {
            Sample = Copy(terms.Sample, memory[width..]),
            Prediction = terms.Prediction.IsGuided
                ? new GuidedPrediction(conditional, Copy(terms.Prediction.Unconditional, memory[(2 * width)..]), terms.Prediction.Scale)
                : new GuidedPrediction(conditional),
            Model = model,
            ModelIsGiven = terms.ModelIsGiven,
            Base = basis,
            History1 = Copy(terms.History1, memory[(3 * width)..]),
            History2 = Copy(terms.History2, memory[(4 * width)..]),
            History3 = Copy(terms.History3, memory[(5 * width)..]),
            Noise = Copy(terms.Noise, memory[(6 * width)..]),
            Destination = destination,
            Range = terms.Range,
        };
        fixed (float* target = destination)
        {
            RunVectors(step, part, new Target(target, 0, width, streams: false));
        }

        destination[..count].CopyTo(terms.Destination[start..]);
        if (!model.IsEmpty)
        {
            model[..count].CopyTo(terms.Model[start..]);
        }

        if (!basis.IsEmpty)
        {
            basis[..count].CopyTo(terms.Base[start..]);
        }

        Span<float> Copy(ReadOnlySpan<float> term, Span<float> to)
        {
            if (term.IsEmpty)
            {
                return [];
            }

            term.Slice(start, count).CopyTo(to);
            return to[..width];
        }
    }

    // What a step has is made a type, so that the compiler writes one loop for each kind of step, without a branch for what it lacks.
    private static void RunVectors(in StepCoefficients step, in FusedTerms terms, Target target)
    {
        if (terms.Prediction.IsGuided)
        {
            RunVectors<Some>(step, terms, target);
        }
        else
        {
            RunVectors<None>(step, terms, target);
        }
    }

    private static void RunVectors<TGuidance>(in StepCoefficients step, in FusedTerms terms, Target target)
        where TGuidance : struct, ICount
    {
        if (!terms.History3.IsEmpty)
        {
            RunVectors<TGuidance, Three>(step, terms, target);
        }
        else if (!terms.History2.IsEmpty)
        {
            RunVectors<TGuidance, Two>(step, terms, target);
        }
        else if (!terms.History1.IsEmpty)
        {
            RunVectors<TGuidance, Some>(step, terms, target);
        }
        else
        {
            RunVectors<TGuidance, None>(step, terms, target);
        }
    }

    private static void RunVectors<TGuidance, THistory>(in StepCoefficients step, in FusedTerms terms, Target target)
        where TGuidance : struct, ICount
        where THistory : struct, ICount
    {
        switch ((!terms.Base.IsEmpty, !terms.Noise.IsEmpty))
        {
            case (false, false):
                RunVectors<TGuidance, THistory, None, None>(step, terms, target);
                break;
            case (false, true):
                RunVectors<TGuidance, THistory, None, Some>(step, terms, target);
                break;
            case (true, false):
                RunVectors<TGuidance, THistory, Some, None>(step, terms, target);
                break;
            case (true, true):
                RunVectors<TGuidance, THistory, Some, Some>(step, terms, target);
                break;
        }
    }

    private static unsafe void RunVectors<TGuidance, THistory, TBase, TNoise>(in StepCoefficients step, in FusedTerms terms, Target target)
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
        float conditional = terms.Prediction.Scale;
        float unconditional = 1 - terms.Prediction.Scale;
        (float modelFromSample, float modelFromPrediction) = ((float)step.ModelFromSample, (float)step.ModelFromPrediction);
        (float fromSample, float fromModel, float fromPrediction) = ((float)step.FromSample, (float)step.FromModel, (float)step.FromPrediction);
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
    private readonly unsafe struct Target(float* destination, int start, int end, bool streams)
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
