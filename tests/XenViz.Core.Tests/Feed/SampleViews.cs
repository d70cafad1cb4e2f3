using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.InteropServices;
using XenViz.Core.Projection;

namespace XenViz.Core.Tests.Feed;

/// <summary>Views with arbitrary contents, made by reflection so that no member of a view is forgotten.</summary>
internal sealed class SampleViews(int seed)
{
    private static readonly string[] Words =
        ["", "a", "READ", "3.4–3.10", "45 → 46", "\"<&>\\", "é\u0001\n", "0x5A21"];

    private readonly Random random = new(seed);
    private readonly NullabilityInfoContext nullability = new();

    public SessionView Next() => (SessionView)Make(typeof(SessionView), 0)!;

    /// <summary>The same view with a few members, at any depth, made anew.</summary>
    public SessionView Change(SessionView view) => (SessionView)Change((object)view);

    private object Change(object value)
    {
        var type = value.GetType();
        if (IsArray(type))
        {
            var array = ((System.Collections.IEnumerable)value).Cast<object>().ToList();
            var element = type.GetGenericArguments()[0];
            for (var times = random.Next(3); times > 0 && array.Count > 0; times--)
            {
                var at = random.Next(array.Count);
                array[at] = random.Next(3) is 0 ? Make(element, 3)! : Change(array[at]);
            }

            if (random.Next(3) is 0)
            {
                array.Add(Make(element, 3)!);
            }
            else if (array.Count > 0 && random.Next(3) is 0)
            {
                array.RemoveAt(random.Next(array.Count));
            }

            return ToArray(element, array);
        }

        if (!IsRecord(type))
        {
            return Make(type, 3)!;
        }

        var properties = Members(type);
        var copy = type.GetMethod("<Clone>$")!.Invoke(value, null)!;
        for (var times = properties.Count == 0 ? 0 : random.Next(4); times > 0; times--)
        {
            var member = properties[random.Next(properties.Count)];
            var old = member.GetValue(copy);
            member.SetValue(copy, old is null || random.Next(3) is 0 ? MakeMember(member, 2) : Change(old));
        }

        return copy;
    }

    private object? MakeMember(PropertyInfo member, int depth) =>
        nullability.Create(member).WriteState is NullabilityState.Nullable && random.Next(3) is 0
            ? null
            : Make(Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType, depth + 1);

    private object? Make(Type type, int depth)
    {
        if (type == typeof(string))
        {
            return Words[random.Next(Words.Length)] + random.Next(100);
        }

        if (type == typeof(bool))
        {
            return random.Next(2) is 0;
        }

        if (type == typeof(double))
        {
            return random.NextDouble();
        }

        if (type.IsEnum)
        {
            return Enum.GetValues(type).GetValue(random.Next(Enum.GetValues(type).Length));
        }

        if (type.IsPrimitive)
        {
            return Convert.ChangeType(random.Next(60_000) % (type == typeof(byte) ? 256 : 60_000), type, null);
        }

        if (IsArray(type))
        {
            var element = type.GetGenericArguments()[0];
            return ToArray(element, [.. Enumerable.Range(0, random.Next(6)).Select(_ => Make(element, depth + 1)!)]);
        }

        return MakeRecord(type.IsAbstract ? Concrete(type) : type, depth);
    }

    private Type Concrete(Type type)
    {
        var nested = type.GetNestedTypes().Where(t => t.IsSubclassOf(type)).ToArray();
        return nested[random.Next(nested.Length)];
    }

    private object MakeRecord(Type type, int depth)
    {
        // Init members can be set by reflection also after the constructor; so every member takes the same way.
        var constructor = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).First();
        var made = constructor.Invoke([.. constructor.GetParameters().Select(p => Default(p.ParameterType))]);
        foreach (var member in Members(type))
        {
            member.SetValue(made, MakeMember(member, depth));
        }

        return made;
    }

    private static List<PropertyInfo> Members(Type type) => [.. type.GetProperties().Where(p => p.CanWrite)];

    private static object? Default(Type type) => type.IsValueType ? Activator.CreateInstance(type) : null;

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null;

    private static bool IsArray(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>);

    private static object ToArray(Type element, List<object> values)
    {
        var array = Array.CreateInstance(element, values.Count);
        ((System.Collections.ICollection)values).CopyTo(array, 0);
        return typeof(ImmutableCollectionsMarshal).GetMethod(nameof(ImmutableCollectionsMarshal.AsImmutableArray))!
            .MakeGenericMethod(element).Invoke(null, [array])!;
    }
}
