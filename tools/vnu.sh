#!/bin/sh
# Fetch the Nu Html Checker from npm, check its digest, and print the path of the jar. Needs npm;
# the jar needs Java. Usage: VNU_JAR=$(tools/vnu.sh) make site
set -eu
cd "$(dirname "$0")/.."

version=26.9.27
digest=5970d3ffca91a627cf0965e5d91bb2e4242307c29292998de0b419d6a901b2b7
folder=.vnu/$version
jar=$folder/package/build/dist/vnu.jar
if [ ! -f "$jar" ]; then
	rm -rf .vnu
	mkdir -p "$folder"
	(
		cd "$folder"
		npm pack --silent "vnu-jar@$version" >&2
		echo "$digest  vnu-jar-$version.tgz" | sha256sum --check --quiet >&2
		tar -xzf "vnu-jar-$version.tgz"
		rm "vnu-jar-$version.tgz"
	)
fi
echo "$PWD/$jar"
